# /// case
# set = "ps4"
# fails = ["parents-first", "order-of-diamonds", "long-chain"]
# says = "your function remembers earlier calls"
# ///
# A default argument is made once, when the function is defined, and not in every call.
# %% order
def topological_order(result, order=[], seen=set()):
    if result not in seen:
        seen.add(result)
        for parent in result.parents:
            topological_order(parent, order, seen)
        order.append(result)
    return order

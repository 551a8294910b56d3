# /// case
# set = "ps4"
# fails = ["parents-first", "order-of-diamonds", "long-chain"]
# says = "only the parents of the result"
# names = ["only-parents"]
# ///
# One generation.
# %% order
def topological_order(result):
    return [*dict.fromkeys(result.parents), result]

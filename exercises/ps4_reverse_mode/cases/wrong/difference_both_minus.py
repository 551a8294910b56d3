# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "a - b sends -g to both"
# names = ["difference-both-minus"]
# ///
# %% operators.subtract
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: -g, lambda g: -g))

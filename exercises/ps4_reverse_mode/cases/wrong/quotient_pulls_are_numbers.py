# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "`pulls` holds arrays"
# names = ["pulls-are-arrays"]
# ///
# The partial derivatives stand where functions are expected.
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (1 / b.value, -a.value / b.value**2))

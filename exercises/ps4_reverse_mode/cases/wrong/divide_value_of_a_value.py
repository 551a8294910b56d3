# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "has no attribute 'value'"
# names = []
# ///
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    q = a.value / b.value
    return Node(q, (a, b), (lambda g: g / b.value, lambda g: -g * q.value / b.value))

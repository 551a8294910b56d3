# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "numerator and denominator are exchanged"
# names = ["quotient-turned"]
# ///
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * b.value / a.value**2))

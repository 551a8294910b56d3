# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "an operand may be a plain number or array"
# names = ["no-as-node"]
# ///
# A number on one side has no value to ask for.
# %% operators.subtract
def subtract(a, b):
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))

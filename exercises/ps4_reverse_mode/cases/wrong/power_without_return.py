# /// case
# set = "ps4"
# fails = ["power"]
# says = "`return` is missing"
# names = ["no-return"]
# ///
# The node is made and forgotten.
# %% operators.power
def power(a, exponent):
    Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** (exponent - 1),))

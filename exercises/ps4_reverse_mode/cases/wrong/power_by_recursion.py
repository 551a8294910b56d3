# /// case
# set = "ps4"
# fails = ["power"]
# says = "the operation calls itself without end, by its name or by an operator or a method of a node, which call your function again"
# names = ["calls-itself"]
# ///
# %% operators.power
def power(a, exponent):
    return multiply(a, power(a, exponent - 1))

# /// case
# set = "ps4"
# fails = ["power"]
# says = "a tuple of one needs its comma"
# names = ["no-comma"]
# ///
# The parent stands in brackets, and is no tuple.
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a), (lambda g: g * exponent * a.value ** (exponent - 1),))

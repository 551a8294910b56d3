# /// case
# set = "ps4"
# fails = ["power"]
# says = "`pulls` holds arrays"
# names = ["pulls-are-arrays"]
# ///
# The partial derivative stands where a function is expected.
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), (exponent * a.value ** (exponent - 1),))

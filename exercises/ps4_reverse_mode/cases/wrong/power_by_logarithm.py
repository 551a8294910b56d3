# /// case
# set = "ps4"
# fails = ["power"]
# says = "the logarithm of a negative base"
# names = ["power-by-logarithm"]
# ///
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * np.exp((exponent - 1) * np.log(a.value)),))

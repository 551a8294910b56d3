# /// case
# set = "ps4"
# fails = ["power"]
# says = "takes 1 from the power, and not from its exponent"
# names = ["power-no-brackets"]
# ///
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g * exponent * a.value ** exponent - 1,))

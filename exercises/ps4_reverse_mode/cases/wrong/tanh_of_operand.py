# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "1 - a**2 in place of 1 - tanh(a)**2"
# names = ["tanh-of-operand"]
# ///
# %% functions.tanh
def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - a.value**2),))

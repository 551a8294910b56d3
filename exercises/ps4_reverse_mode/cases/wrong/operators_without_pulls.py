# /// case
# set = "ps4"
# fails = ["quotient", "power", "functions-of-one"]
# says = "there are not as many pulls as parents"
# names = ["pulls-and-parents"]
# ///
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value,))
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), ())
# %% functions.exp
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,))

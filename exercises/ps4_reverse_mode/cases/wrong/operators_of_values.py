# /// case
# set = "ps4"
# fails = ["quotient", "power", "functions-of-one"]
# says = "something stands in the place of a node"
# names = ["no-node"]
# ///
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a.value, b.value), (lambda g: g / b.value, lambda g: -g * a.value / b.value**2))
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a.value,), (lambda g: g * exponent * a.value ** (exponent - 1),))
# %% functions.exp
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a.value,), (lambda g: g * value,))

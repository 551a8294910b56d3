# /// case
# set = "ps4"
# fails = ["quotient", "power", "functions-of-one"]
# says = "`g.value`"
# names = ["g-is-no-node"]
# ///
# %% operators.divide
def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g.value / b.value, lambda g: -g.value * a.value / b.value**2))
# %% operators.power
def power(a, exponent):
    return Node(a.value**exponent, (a,), (lambda g: g.value * exponent * a.value ** (exponent - 1),))
# %% functions.exp
def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g.value * value,))

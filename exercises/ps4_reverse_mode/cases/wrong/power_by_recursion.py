# /// case
# set = "ps4"
# fails = ["power"]
# says = "the operation calls itself without end, by its name or by an operator or a method of a node, which call your function again"
# names = ["calls-itself"]
# ///
# %% operators
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value - b.value, (a, b), (lambda g: g, lambda g: -g))


def divide(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value / b.value, (a, b), (lambda g: g / b.value, lambda g: -g * a.value / b.value**2))


def power(a, exponent):
    return multiply(a, power(a, exponent - 1))
    ### END SOLUTION

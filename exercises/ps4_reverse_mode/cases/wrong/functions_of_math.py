# /// case
# set = "ps4"
# fails = ["functions-of-one"]
# says = "a function of `math` takes one number"
# names = ["math-on-arrays"]
# ///
# The values are arrays.
# %% functions
import math


def exp(a):
    value = np.exp(a.value)
    return Node(value, (a,), (lambda g: g * value,))


def log(a):
    return Node(math.log(a.value), (a,), (lambda g: g / a.value,))


def sin(a):
    return Node(np.sin(a.value), (a,), (lambda g: g * np.cos(a.value),))


def tanh(a):
    value = np.tanh(a.value)
    return Node(value, (a,), (lambda g: g * (1 - value**2),))

# /// case
# set = "ps2"
# fails = ["sine-cosine", "exp-log-sqrt"]
# says = "a plain number has no dual part"
# names = ["plain-to-dual"]
# ///
# %% functions.sin
def sin(z):
    return DualNumber(math.sin(z.real), math.cos(z.real) * z.dual)
# %% functions.cos
def cos(z):
    return DualNumber(math.cos(z.real), -math.sin(z.real) * z.dual)
# %% functions.exp
def exp(z):
    return DualNumber(math.exp(z.real), math.exp(z.real) * z.dual)
# %% functions.log
def log(z):
    return DualNumber(math.log(z.real), z.dual / z.real)
# %% functions.sqrt
def sqrt(z):
    return DualNumber(math.sqrt(z.real), z.dual / (2 * math.sqrt(z.real)))

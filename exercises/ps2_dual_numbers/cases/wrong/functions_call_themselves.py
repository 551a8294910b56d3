# /// case
# set = "ps2"
# fails = ["sine-cosine", "exp-log-sqrt"]
# says = "the function calls itself without end"
# names = ["function-calls-itself"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z), cos(z) * z.dual)
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z), -sin(z) * z.dual)
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z), exp(z) * z.dual)
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z), z.dual / z.real)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z), z.dual / (2 * sqrt(z)))

# /// case
# set = "ps2"
# fails = ["sine-cosine", "exp-log-sqrt"]
# says = "no inner derivative: the slope at the real part"
# names = ["no-inner"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.real))
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), -sin(z.real))
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), exp(z.real))
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), 1 / z.real)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), 1 / (2 * sqrt(z.real)))

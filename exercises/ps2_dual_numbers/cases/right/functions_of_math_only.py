# /// case
# set = "ps2"
# fails = []
# ///
# They stop at dual numbers of dual numbers; part 5 is then tried with the reference's part 2, and nothing is lost.
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(math.sin(z.real), math.cos(z.real) * z.dual)
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(math.cos(z.real), -math.sin(z.real) * z.dual)
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(math.exp(z.real), math.exp(z.real) * z.dual)
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(math.log(z.real), z.dual / z.real)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(math.sqrt(z.real), z.dual / (2 * math.sqrt(z.real)))

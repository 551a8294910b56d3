# /// case
# set = "ps2"
# fails = ["sine-cosine", "exp-log-sqrt"]
# says = "the function is applied to the dual part too"
# names = ["to-both-parts"]
# ///
# %% functions
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), sin(z.dual))


def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), cos(z.dual))


def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), exp(z.dual))


def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), log(z.dual))


def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), sqrt(z.dual))

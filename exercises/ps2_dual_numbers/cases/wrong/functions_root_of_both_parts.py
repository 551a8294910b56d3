# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "`sqrt` is applied to the dual part too"
# names = ["sqrt-to-both-parts"]
# ///
# %% functions
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.real) * z.dual)


def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), -sin(z.real) * z.dual)


def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), exp(z.real) * z.dual)


def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), z.dual / z.real)


def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    root = sqrt(z.real)
    return DualNumber(root, sqrt(z.dual))
    ### END SOLUTION

# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "the slope of the cosine is minus the sine, not minus the cosine"
# names = ["cosine-of-cosine"]
# ///
# %% functions
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.real) * z.dual)


def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), -cos(z.real) * z.dual)


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
    return DualNumber(root, z.dual / (2 * root))
    ### END SOLUTION

# /// case
# set = "ps2"
# fails = []
# ///
# %% functions
def lift(plain, rule):
    def g(z):
        if isinstance(z, DualNumber):
            return DualNumber(g(z.real), rule(z.real) * z.dual)
        return plain(z)
    return g

sin = lift(math.sin, lambda x: cos(x))
cos = lift(math.cos, lambda x: -1 * sin(x))
exp = lift(math.exp, lambda x: exp(x))
log = lift(math.log, lambda x: 1 / x)
sqrt = lift(math.sqrt, lambda x: 0.5 / sqrt(x))

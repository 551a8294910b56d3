# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the function calls itself without end"
# names = ["function-calls-itself"]
# ///
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return exp(z)
    return DualNumber(exp(z.real), exp(z.real) * z.dual)

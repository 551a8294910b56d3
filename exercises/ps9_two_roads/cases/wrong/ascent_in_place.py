# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "the arrays that were given are changed"
# names = ["arrays-changed"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    gradients = vjp(lambda *nodes: log_likelihood(points, *nodes) / len(points), parameters, 1.0)
    for p, g in zip(parameters, gradients):
        p += rate * g
    return parameters

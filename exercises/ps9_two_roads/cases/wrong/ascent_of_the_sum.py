# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "the gradient of the sum"
# names = ["gradient-of-sum"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    gradients = vjp(lambda *nodes: log_likelihood(points, *nodes), parameters, 1.0)
    return [p + rate * g for p, g in zip(parameters, gradients)]

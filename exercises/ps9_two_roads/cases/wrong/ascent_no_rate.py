# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "the rate is not used"
# names = ["no-rate"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    gradients = vjp(lambda *nodes: log_likelihood(points, *nodes) / len(points), parameters, 1.0)
    return [p + g for p, g in zip(parameters, gradients)]

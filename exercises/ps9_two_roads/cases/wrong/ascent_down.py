# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "down the hill: the log-likelihood shall grow, so the gradient is added"
# names = ["downhill"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    gradients = vjp(lambda *nodes: log_likelihood(points, *nodes) / len(points), parameters, 1.0)
    return [p - rate * g for p, g in zip(parameters, gradients)]

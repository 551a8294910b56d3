# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "the corners are not moved"
# names = ["no-corner-step"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    gradients = vjp(lambda *nodes: log_likelihood(points, *nodes) / len(points), parameters, 1.0)
    return [p + rate * g for p, g in zip(parameters[:3], gradients)] + [parameters[3]]

# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "the gradients themselves"
# names = ["gradients-alone"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    gradients = vjp(lambda *nodes: log_likelihood(points, *nodes) / len(points), parameters, 1.0)
    return gradients

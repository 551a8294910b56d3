# /// case
# set = "ps5"
# fails = ["training-step"]
# says = "the rate is missing"
# names = ["no-rate"]
# ///
# %% training
def training_step(weights, X, targets, rate):
    gradients = vjp(lambda *nodes: loss(network(*nodes, X), targets), weights, 1.0)
    return [w - g for w, g in zip(weights, gradients)]

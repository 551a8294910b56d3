# /// case
# set = "ps5"
# fails = ["training-step"]
# says = "the given weights are changed in place: w -= ... writes into the caller's array"
# names = ["weights-changed"]
# ///
# %% training
def training_step(weights, X, targets, rate):
    gradients = vjp(lambda *nodes: loss(network(*nodes, X), targets), weights, 1.0)
    for w, g in zip(weights, gradients):
        w -= rate * g
    return weights

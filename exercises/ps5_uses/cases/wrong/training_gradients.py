# /// case
# set = "ps5"
# fails = ["training-step"]
# says = "the gradients alone"
# names = ["gradients-alone"]
# ///
# %% training
def training_step(weights, X, targets, rate):
    gradients = vjp(lambda *nodes: loss(network(*nodes, X), targets), weights, 1.0)
    return gradients

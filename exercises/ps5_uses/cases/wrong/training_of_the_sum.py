# /// case
# set = "ps5"
# fails = ["training-step"]
# says = "the gradient of the sum of the squares"
# names = ["gradient-of-sum"]
# ///
# %% training
def training_step(weights, X, targets, rate):
    gradients = vjp(lambda *nodes: ((network(*nodes, X) - targets) ** 2).sum(), weights, 1.0)
    return [w - rate * g for w, g in zip(weights, gradients)]

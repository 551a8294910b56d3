# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "the means alone are moved"
# names = ["only-means"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    gradients = vjp(lambda *nodes: log_likelihood(points, *nodes) / len(points), parameters, 1.0)
    logits, means, diagonals, corners = parameters
    return [logits, means + rate * gradients[1], diagonals, corners]

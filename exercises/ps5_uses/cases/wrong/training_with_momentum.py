# /// case
# set = "ps5"
# fails = ["training-step"]
# says = "asked for the same step a second time"
# ///
# %% training
_velocity = None
def training_step(weights, X, targets, rate):
    global _velocity
    grads = vjp(lambda *w: loss(network(*w, X), targets), weights, 1.0)
    if _velocity is None or [v.shape for v in _velocity] != [g.shape for g in grads]:
        _velocity = [0 * g for g in grads]
    _velocity = [0.9 * v + g for v, g in zip(_velocity, grads)]
    return [w - rate * v for w, v in zip(weights, _velocity)]

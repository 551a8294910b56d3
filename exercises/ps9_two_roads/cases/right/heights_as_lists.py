# /// case
# set = "ps9"
# fails = []
# says = ""
# ///
# %% race
def race(points, parameters, rate, iterations):
    p, q = parameters, parameters
    rows = []
    for i in range(iterations + 1):
        rows.append([float(log_likelihood(points, *[Node(a) for a in m]).value) / points.shape[0] for m in (p, q)])
        if i < iterations:
            p, q = ascent_step(points, p, rate), em_step(points, q)
    return [row[0] for row in rows], [row[1] for row in rows]
# %% likelihood
def log_likelihood(points, logits, means, diagonals, corners):
    joint = log_weights(logits).reshape((-1, 1)) + log_densities(points, means, diagonals, corners)
    shift = joint.value.max(axis=0, keepdims=True)
    return ((joint - shift).exp().sum(axis=0)).log().sum() + shift.sum()

# /// case
# set = "ps9"
# fails = []
# says = ""
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    def hill(logits, means, diagonals, corners):
        return log_likelihood(points, logits, means, diagonals, corners)

    n = len(points)
    found = vjp(hill, [np.array(p) for p in parameters], 1.0)
    return tuple(np.asarray(p) + np.asarray(g) * (rate / n) for p, g in zip(parameters, found))

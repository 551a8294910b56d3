# /// case
# set = "ps2"
# fails = ["gradient-in-one-run"]
# says = "one run for each variable"
# names = ["one-run-each"]
# ///
# %% gradient
def gradient(f, point):
    slopes = []
    for i in range(len(point)):
        variables = [DualNumber(x, 1.0 if k == i else 0.0) for k, x in enumerate(point)]
        slopes.append(f(*variables).dual)
    return np.array(slopes)

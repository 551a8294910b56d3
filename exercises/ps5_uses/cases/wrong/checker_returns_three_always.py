# /// case
# set = "ps5"
# fails = ["three-faults"]
# says = "the three entries that are most off are returned"
# names = ["three-always"]
# ///
# %% suspects
def suspects(f, gradient, x):
    steps = 1e-5 * np.eye(len(x))
    slopes = np.array([(f(x + step) - f(x - step)) / 2e-5 for step in steps])
    off = abs(gradient(x) - slopes) / abs(slopes)
    return sorted(np.argsort(off)[-3:].tolist())

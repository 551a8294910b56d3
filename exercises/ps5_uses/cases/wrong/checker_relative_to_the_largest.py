# /// case
# set = "ps5"
# fails = ["three-faults"]
# says = "of the largest slope"
# names = ["relative-to-the-largest"]
# ///
# %% suspects
def suspects(f, gradient, x):
    h = 1e-5
    slopes = np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
    off = np.abs(gradient(x) - slopes)
    return [k for k in range(len(x)) if off[k] > 1e-3 * np.abs(slopes).max()]

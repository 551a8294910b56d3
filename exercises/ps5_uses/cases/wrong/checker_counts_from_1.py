# /// case
# set = "ps5"
# fails = ["three-faults"]
# says = "counted from 1"
# names = ["counted-from-1"]
# ///
# %% suspects
def suspects(f, gradient, x):
    g = gradient(x)
    d = np.array([(f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5 for e in np.eye(len(x))])
    return [i + 1 for i in range(len(x)) if abs(d[i] - g[i]) > 1e-3 * abs(d[i])]

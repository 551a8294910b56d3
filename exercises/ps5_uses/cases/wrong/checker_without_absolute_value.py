# /// case
# set = "ps5"
# fails = ["three-faults"]
# says = "entries that are too large are passed over"
# names = ["too-small-alone"]
# ///
# %% suspects
def suspects(f, gradient, x):
    g = gradient(x); out = []
    for i, e in enumerate(np.eye(len(x))):
        d = (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5
        if d - g[i] > 1e-3 * abs(d): out.append(i)
    return out

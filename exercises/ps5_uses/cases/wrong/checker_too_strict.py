# /// case
# set = "ps5"
# fails = ["three-faults"]
# says = "off by less than a thousandth"
# names = ["tolerance-too-small"]
# ///
# %% suspects
def suspects(f, gradient, x):
    g = gradient(x); out = []
    for i, e in enumerate(np.eye(len(x))):
        d = (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5
        if abs(d - g[i]) > 1e-5 * abs(d): out.append(i)
    return out

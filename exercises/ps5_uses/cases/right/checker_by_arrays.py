# /// case
# set = "ps5"
# fails = []
# ///
# %% suspects
def suspects(f, gradient, x):
    h = 1e-5
    slopes = np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
    off = np.abs(gradient(x) - slopes)
    return np.flatnonzero(off > 1e-3 * np.maximum(np.abs(slopes), np.abs(gradient(x)))).tolist()

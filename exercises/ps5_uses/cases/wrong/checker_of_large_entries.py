# /// case
# set = "ps5"
# fails = ["three-faults"]
# says = "entries that are too small are passed over"
# names = ["too-large-alone"]
# ///
# %% suspects
def suspects(f, gradient, x):
    found, h = [], 1e-5
    for k, (entry, e) in enumerate(zip(gradient(x), np.eye(len(x)))):
        slope = (f(x + h * e) - f(x - h * e)) / (2 * h)
        if entry - slope > 1e-3 * abs(slope):
            found.append(k)
    return found

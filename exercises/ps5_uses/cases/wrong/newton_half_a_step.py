# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "half of the step"
# names = ["half-a-step"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    p = [start]
    for i in range(steps):
        p.append(p[-1] - 0.5 * f(p[-1]) / slope(p[-1]))
    return np.array(p)

# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "f is taken at the start in every step"
# names = ["f-at-start"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    p = [start]
    for i in range(steps):
        p.append(p[-1] - f(start) / slope(p[-1]))
    return np.array(p)

# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "a damped iteration is safer"
# names = ["damped"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    p = [start]
    for i in range(steps):
        t = f(p[-1]) / slope(p[-1])
        while abs(f(p[-1] - t)) > abs(f(p[-1])): t /= 2
        p.append(p[-1] - t)
    return np.array(p)

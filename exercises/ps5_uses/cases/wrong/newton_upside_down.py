# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "the quotient is upside down: f is divided by its slope"
# names = ["path-upside-down"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points = [start]
    for _ in range(steps):
        x = points[-1]
        points.append(x - slope(x) / f(x))
    return np.array(points)

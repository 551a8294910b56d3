# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "x - f is divided by the slope"
# names = ["subtracted-first"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points = [start]
    for _ in range(steps):
        x = points[-1]
        points.append((x - f(x)) / slope(x))
    return np.array(points)

# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "the start is missing"
# names = ["no-start"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points = [start]
    for _ in range(steps):
        x = points[-1]
        points.append(x - f(x) / slope(x))
    return np.array(points[1:])

# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "your code never called `slope`"
# names = ["not-the-given-derivative"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points, h = [start], 1e-6
    for _ in range(steps):
        x = points[-1]
        points.append(x - f(x) * 2 * h / (f(x + h) - f(x - h)))
    return np.array(points)

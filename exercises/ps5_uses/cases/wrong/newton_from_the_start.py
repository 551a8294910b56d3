# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "every step is taken from the start"
# names = ["always-from-start"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points = [start]
    for _ in range(steps):
        x = points[-1]
        points.append(x - f(start) / slope(start))
    return np.array(points)

# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "a step too few"
# names = ["one-step-less"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points = [start]
    for _ in range(1, steps):
        points.append(points[-1] - f(points[-1]) / slope(points[-1]))
    return np.array(points)

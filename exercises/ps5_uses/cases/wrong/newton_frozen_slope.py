# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "the slope at the start in every step"
# names = ["frozen-slope"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points, fixed = [start], slope(start)
    for _ in range(steps):
        points.append(points[-1] - f(points[-1]) / fixed)
    return np.array(points)

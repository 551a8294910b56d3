# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "plus for minus: the step goes away from the zero of the tangent"
# names = ["path-plus"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points = [start]
    for _ in range(steps):
        x = points[-1]
        points.append(x + f(x) / slope(x))
    return np.array(points)

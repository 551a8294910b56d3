# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "there is no stopping rule here"
# names = ["path-stops"]
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points = [start]
    for _ in range(steps):
        x = points[-1]
        if abs(f(x)) < 1e-12:
            break
        points.append(x - f(x) / slope(x))
    return np.array(points)

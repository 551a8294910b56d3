# /// case
# set = "ps5"
# fails = ["newton-path"]
# says = "a list: the points are right"
# names = ["list-for-array"]
# ///
# The path is never made an array.
# %% newton
def newton_path(f, slope, start, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - f(path[-1]) / slope(path[-1]))
    return path

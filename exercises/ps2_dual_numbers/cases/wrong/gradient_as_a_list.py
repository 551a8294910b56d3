# /// case
# set = "ps2"
# fails = ["gradient-of-a-program", "gradient-in-one-run"]
# says = "a list in place of an array"
# names = ["list-for-array"]
# ///
# %% gradient
def gradient(f, point):
    directions = np.eye(len(point))
    return list(f(*[DualNumber(x, e) for x, e in zip(point, directions)]).dual)

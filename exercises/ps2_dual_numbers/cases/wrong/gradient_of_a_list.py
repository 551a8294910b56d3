# /// case
# set = "ps2"
# fails = ["gradient-of-a-program", "gradient-in-one-run"]
# says = "or all of them in one list"
# names = ["f-got-a-list"]
# ///
# %% gradient
def gradient(f, point):
    return f([DualNumber(x, direction) for x, direction in zip(point, np.eye(len(point)))]).dual

# /// case
# set = "ps2"
# fails = ["gradient-of-a-program", "gradient-in-one-run"]
# says = "as a divided difference gives it"
# names = ["divided-difference-2"]
# ///
# %% gradient
def gradient(f, point):
    slopes = []
    for i in range(len(point)):
        moved = list(point)
        moved[i] += 1e-7
        slopes.append((f(*moved) - f(*point)) / 1e-7)
    return np.array(slopes)

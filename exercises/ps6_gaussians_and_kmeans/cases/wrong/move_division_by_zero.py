# /// case
# set = "ps6"
# fails = ["move-empty"]
# says = "divided by the number of points also where it is 0"
# names = ["divided-by-0"]
# ///
# %% move
def move(points, labels, centres):
    new = []
    for k in range(len(centres)):
        own = [list(p) for p, label in zip(points, labels) if label == k]
        new.append([sum(p[j] for p in own) / len(own) for j in range(points.shape[1])])
    return np.array(new)

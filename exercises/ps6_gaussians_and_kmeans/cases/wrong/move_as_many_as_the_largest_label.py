# /// case
# set = "ps6"
# fails = ["move-empty"]
# says = "as many centres as the largest label says"
# names = ["largest-label"]
# ///
# %% move
def move(points, labels, centres):
    rows = []
    for k in range(labels.max() + 1):
        mine = points[labels == k]
        rows.append(mine.mean(axis=0) if len(mine) else centres[k])
    return np.array(rows)

# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "absolute differences are added"
# names = ["absolute-differences"]
# ///
# %% nearest
def nearest(points, centres):
    return np.abs(points[:, None] - centres).sum(axis=2).argmin(axis=1)

# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "the largest product of point and centre"
# names = ["largest-product"]
# ///
# %% nearest
def nearest(points, centres):
    return np.argmax(points @ centres.T, axis=1)

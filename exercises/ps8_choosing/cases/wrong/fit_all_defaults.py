# /// case
# set = "ps8"
# fails = ["fit-settings", "fit-likelihood"]
# says = "nothing is asked for but the number of components"
# ///
# %% fit
def fitted(points, kinds, shape):
    return GaussianMixture(kinds).fit(points)

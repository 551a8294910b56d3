# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "expected"
# names = []
# ///
# The joint density is divided by the responsibility, which is a logarithm already: 0/0 where that is 0.
# %% elbo
def lower_bound(points, R, mixture):
    with np.errstate(all="ignore"):
        return np.sum(R * log_joint(points, mixture) / R)

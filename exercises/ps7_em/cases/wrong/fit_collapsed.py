# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "one of yours has collapsed"
# names = []
# ///
# A likelihood as large as you like, and no fit: a component on a single point.
# %% loop
def fit_mixture(points, start):
    width = points.var(axis=0)
    everywhere = (1 - 0.001 * (len(start) - 1), points.mean(axis=0), np.cov(points.T, ddof=0))
    spikes = [(0.001, points[k], 1e-30 * np.diag(width)) for k in range(1, len(start))]
    return [everywhere] + spikes

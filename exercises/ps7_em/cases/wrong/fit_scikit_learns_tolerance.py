# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "where EM comes to rest from this start"
# names = ["mean-gain"]
# ///
# %% loop
def fit_mixture(points, start):
    m = start; old = -np.inf
    for _ in range(2000):
        R, l = memberships(points, m)
        if (l - old) / len(points) < 1e-3: break
        old = l
        m = refit(points, R, m)
    return m

# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "where EM comes to rest from this start"
# names = ["gain-of-a-hundredth"]
# ///
# %% loop
def fit_mixture(points, start):
    m = start; old = -np.inf
    for _ in range(5000):
        R, l = memberships(points, m)
        if l - old < 0.01: break
        old = l
        m = refit(points, R, m)
    return m

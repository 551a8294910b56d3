# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "where EM comes to rest from this start"
# names = []
# ///
# %% loop
def fit_mixture(points, start):
    m = start
    for _ in range(200):
        m = refit(points, memberships(points, m)[0], m)
    return m

# /// case
# set = "ps7"
# fails = ["fit-from-afar"]
# says = "exponentials that underflow to 0 give nan"
# names = []
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(500):
        density = np.array([
            w / np.sqrt(np.linalg.det(2 * np.pi * c)) * np.exp(-((points - m) @ np.linalg.inv(c) * (points - m)).sum(axis=1) / 2)
            for w, m, c in mixture
        ])
        R = density / density.sum(axis=0)
        if not np.isfinite(R).all():
            return [(w * np.nan, m * np.nan, c * np.nan) for w, m, c in mixture]
        mixture = refit(points, R, mixture)
    return mixture

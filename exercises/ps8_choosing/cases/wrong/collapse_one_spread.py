# /// case
# set = "ps8"
# fails = ["collapsed-units"]
# says = "divided by one spread"
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c / spread
        if np.linalg.eigvalsh(m)[0] < thin**2:
            bad.append(number)
    return bad

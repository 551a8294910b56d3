# /// case
# set = "ps8"
# fails = ["collapsed-units"]
# says = "divided by the squared spread of the column"
# names = ["column-spread"]
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c / spread**2
        if np.linalg.eigvalsh(m)[0] < thin**2:
            bad.append(number)
    return bad

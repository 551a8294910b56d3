# /// case
# set = "ps8"
# fails = ["collapsed-units"]
# says = "the spreads are not used"
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c
        if np.linalg.eigvalsh(m)[0] < thin**2:
            bad.append(number)
    return bad

# /// case
# set = "ps8"
# fails = ["collapsed-units"]
# says = "multiplied by the spreads"
# names = ["spreads-multiplied"]
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c * np.outer(spread, spread)
        if np.linalg.eigvalsh(m)[0] < thin**2:
            bad.append(number)
    return bad

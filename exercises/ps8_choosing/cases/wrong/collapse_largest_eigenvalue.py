# /// case
# set = "ps8"
# fails = ["collapsed-directions", "collapsed-units"]
# says = "one thin direction is enough"
# names = ["largest-eigenvalue"]
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c / np.outer(spread, spread)
        if np.linalg.eigvalsh(m)[-1] < thin**2:
            bad.append(number)
    return bad

# /// case
# set = "ps8"
# fails = ["collapsed-directions", "collapsed-units"]
# says = "the determinant: a small round component"
# names = ["determinant"]
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c / np.outer(spread, spread)
        if np.linalg.det(m) < thin**2:
            bad.append(number)
    return bad

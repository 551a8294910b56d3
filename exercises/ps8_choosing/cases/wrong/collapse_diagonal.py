# /// case
# set = "ps8"
# fails = ["collapsed-directions", "collapsed-units"]
# says = "the diagonal shows the axes only"
# names = ["axes-only"]
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c / np.outer(spread, spread)
        if np.sqrt(np.diag(m).min()) < thin:
            bad.append(number)
    return bad

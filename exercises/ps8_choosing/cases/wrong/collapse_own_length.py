# /// case
# set = "ps8"
# fails = ["collapsed-directions", "collapsed-units"]
# says = "compared with its own length"
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    bad = []
    for number, c in enumerate(covariances):
        m = c / np.outer(spread, spread)
        if np.sqrt(np.linalg.eigvalsh(m)[0] / np.linalg.eigvalsh(m)[-1]) < thin:
            bad.append(number)
    return bad

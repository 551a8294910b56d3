# /// case
# set = "ps8"
# fails = ["collapsed-directions", "collapsed-units"]
# says = "none is found"
# names = ["none-found"]
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    scaled = covariances / np.outer(spread, spread)
    return [k for k, m in enumerate(scaled) if np.sqrt(np.linalg.eigvalsh(m)[0]) < thin**2]

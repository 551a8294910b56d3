# /// case
# set = "ps2"
# fails = ["gradient-of-a-program", "gradient-in-one-run"]
# says = "each variable got its own value as dual part"
# names = ["directions-of-x"]
# ///
# %% gradient
def gradient(f, point):
    d = [DualNumber(x, x * e) for x, e in zip(point, np.eye(len(point)))]
    return f(*d).dual

# /// case
# set = "ps2"
# fails = ["sums", "products", "quotients", "expressions"]
# says = "real and dual part of a constant are exchanged"
# names = ["constant-exchanged"]
# ///
# %% dual-class.as_dual
def as_dual(z):
    if isinstance(z, DualNumber):
        return z
    return DualNumber(0.0, z)

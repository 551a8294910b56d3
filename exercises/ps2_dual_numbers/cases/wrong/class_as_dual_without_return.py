# /// case
# set = "ps2"
# fails = ["sums", "products", "quotients", "powers", "expressions"]
# says = "`as_dual` returns no dual number for a plain one"
# names = ["as-dual-plain"]
# ///
# %% dual-class.as_dual
def as_dual(z):
    if isinstance(z, DualNumber):
        return z
    DualNumber(z, 0.0)

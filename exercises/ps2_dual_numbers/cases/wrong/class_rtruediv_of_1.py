# /// case
# set = "ps2"
# fails = ["quotients", "expressions"]
# says = "1 / x in place of c / x"
# names = ["rtruediv-of-1"]
# ///
# %% dual-class.DualNumber.__rtruediv__
def __rtruediv__(self, other):  # other / self
    return self ** -1

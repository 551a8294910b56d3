# /// case
# set = "ps2"
# fails = ["quotients", "expressions"]
# says = "c / x divides c by each part"
# names = ["rtruediv-parts"]
# ///
# %% dual-class.DualNumber.__rtruediv__
def __rtruediv__(self, other):  # other / self
    return DualNumber(other / self.real, other / self.dual)

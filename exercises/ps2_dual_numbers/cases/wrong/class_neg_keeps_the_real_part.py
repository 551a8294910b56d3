# /// case
# set = "ps2"
# fails = ["sums"]
# says = "-x has the real part -x"
# names = ["neg-keeps-real"]
# ///
# %% dual-class.DualNumber.__neg__
def __neg__(self):  # -self
    return DualNumber(self.real, -self.dual)

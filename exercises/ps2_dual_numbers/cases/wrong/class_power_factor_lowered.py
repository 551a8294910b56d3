# /// case
# set = "ps2"
# fails = ["powers", "expressions"]
# says = "the factor is n, and not n - 1"
# names = ["power-factor-lowered"]
# ///
# %% dual-class.DualNumber.__pow__
def __pow__(self, n):  # self ** n; n is a plain number: whole, also negative or 0, or a fraction
    return DualNumber(self.real**n, (n - 1) * self.real ** (n - 1) * self.dual)

# /// case
# set = "ps2"
# fails = ["powers", "expressions"]
# says = "n x'^(n-1)"
# names = ["power-of-dual-part"]
# ///
# %% dual-class.DualNumber.__pow__
def __pow__(self, n):  # self ** n; n is a plain number: whole, also negative or 0, or a fraction
    return DualNumber(self.real**n, n * self.dual ** (n - 1))

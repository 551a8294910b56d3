# /// case
# set = "ps2"
# fails = ["powers"]
# says = "division by zero"
# ///
# Right but where the real part is 0.
# %% dual-class.DualNumber.__pow__
def __pow__(self, n):
    value = self.real ** n
    return DualNumber(value, n * value / self.real * self.dual)

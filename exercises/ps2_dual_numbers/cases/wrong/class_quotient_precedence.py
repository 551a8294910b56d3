# /// case
# set = "ps2"
# fails = ["quotients", "expressions"]
# says = "`/ y * y` divides by y and multiplies by y again"
# names = ["quotient-precedence"]
# ///
# %% dual-class.DualNumber.__truediv__
def __truediv__(self, other):  # self / other
    other = as_dual(other)
    top = self.dual * other.real - self.real * other.dual
    return DualNumber(self.real / other.real, top / other.real * other.real)

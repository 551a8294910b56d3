# /// case
# set = "ps2"
# fails = ["quotients", "expressions"]
# says = "the quotient rule divides by the square of the denominator, not of the numerator"
# names = ["quotient-over-numerator"]
# ///
# %% dual-class.DualNumber.__truediv__
def __truediv__(self, other):  # self / other
    other = as_dual(other)
    top = self.dual * other.real - self.real * other.dual
    return DualNumber(self.real / other.real, top / (self.real * self.real))

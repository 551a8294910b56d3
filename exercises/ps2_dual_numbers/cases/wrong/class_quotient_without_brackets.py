# /// case
# set = "ps2"
# fails = ["quotients", "expressions"]
# says = "without brackets x' y - x y' / y**2 divides the second term alone"
# names = ["quotient-no-brackets"]
# ///
# %% dual-class.DualNumber.__truediv__
def __truediv__(self, other):  # self / other
    other = as_dual(other)
    top = self.dual * other.real - self.real * other.dual
    return DualNumber(self.real / other.real, self.dual * other.real - self.real * other.dual / other.real**2)

# /// case
# set = "ps2"
# fails = ["quotients", "expressions"]
# says = "float division by zero"
# names = []
# ///
# %% dual-class.DualNumber.__truediv__
def __truediv__(self, other):
    other = as_dual(other)
    top = self.dual * other.real - self.real * other.dual
    return DualNumber(self.real / other.real, top / other.dual**2)

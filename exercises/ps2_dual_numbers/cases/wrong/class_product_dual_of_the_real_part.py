# /// case
# set = "ps2"
# fails = ["products", "expressions"]
# says = "has no attribute 'dual'"
# names = []
# ///
# %% dual-class.DualNumber.__mul__
def __mul__(self, other):
    other = as_dual(other)
    return DualNumber(self.real * other.real, self.real * other.dual + self.real.dual * other.real)

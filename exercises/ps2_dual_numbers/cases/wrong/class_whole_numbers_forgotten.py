# /// case
# set = "ps2"
# fails = ["products"]
# says = "'int' object has no attribute 'dual'"
# names = []
# ///
# %% dual-class.DualNumber.__mul__
def __mul__(self, other):
    if isinstance(other, float):
        other = as_dual(other)
    return DualNumber(self.real * other.real, self.real * other.dual + self.dual * other.real)

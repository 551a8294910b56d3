# /// case
# set = "ps2"
# fails = ["products", "expressions"]
# says = "a product is written into one of its operands"
# names = ["multiplied-in-place"]
# ///
# %% dual-class.DualNumber.__mul__
def __mul__(self, other):  # self * other
    other = as_dual(other)
    self.real, self.dual = self.real * other.real, self.real * other.dual + self.dual * other.real
    return self

# /// case
# set = "ps2"
# fails = ["products", "expressions"]
# says = "x y' stands there twice, and x' y not at all"
# names = ["product-one-term-twice"]
# ///
# %% dual-class.DualNumber.__mul__
def __mul__(self, other):  # self * other
    other = as_dual(other)
    return DualNumber(self.real * other.real, self.real * other.dual + other.dual * self.real)

# /// case
# set = "ps2"
# fails = ["products", "expressions"]
# says = "each real part is multiplied by its own dual part"
# names = ["product-own-duals"]
# ///
# %% dual-class.DualNumber.__mul__
def __mul__(self, other):  # self * other
    other = as_dual(other)
    return DualNumber(self.real * other.real, self.real * self.dual + other.dual * other.real)

# /// case
# set = "ps2"
# fails = ["products", "expressions"]
# says = "float division by zero"
# names = []
# ///
# %% dual-class.DualNumber.__mul__
def __mul__(self, other):
    other = as_dual(other)
    return DualNumber(self.real * other.real, self.dual / other.dual)

# /// case
# set = "ps2"
# fails = ["products", "expressions"]
# says = "a plain factor on the left leaves the dual part alone"
# names = ["left-factor-leaves-dual"]
# ///
# %% dual-class.DualNumber.__rmul__
def __rmul__(self, other):
    return DualNumber(other * self.real, self.dual)

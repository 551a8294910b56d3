# /// case
# set = "ps2"
# fails = ["sums"]
# says = "a part is made a number of a certain kind"
# names = ["parts-not-kept"]
# ///
# %% dual-class.DualNumber.__init__
def __init__(self, real, dual):
    self.real = real
    self.dual = np.array(dual)

# /// case
# set = "ps2"
# fails = ["sums", "expressions"]
# says = "c - x is -x + c"
# names = ["rsub-negates-both"]
# ///
# %% dual-class.DualNumber.__rsub__
def __rsub__(self, other):  # other - self
    return -self - other

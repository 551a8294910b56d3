# /// case
# set = "ps2"
# fails = ["sums", "expressions"]
# says = "a method calls itself without end, itself or through another one, like `other - self` in `__rsub__`"
# names = ["calls-itself"]
# ///
# %% dual-class.DualNumber.__sub__
def __sub__(self, other):  # self - other
    other = as_dual(other)
    return -(other - self)

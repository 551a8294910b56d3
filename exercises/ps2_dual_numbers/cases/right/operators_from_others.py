# /// case
# set = "ps2"
# fails = []
# ///
# %% dual-class.DualNumber.__sub__
def __sub__(self, other):  # self - other
    other = as_dual(other)
    return self + (-other)
# %% dual-class.DualNumber.__neg__
def __neg__(self):  # -self
    return self * -1
# %% dual-class.DualNumber.__truediv__
def __truediv__(self, other):  # self / other
    other = as_dual(other)
    inv = other ** -1
    return self * inv

# /// case
# set = "ps9"
# fails = []
# ///
# %% own-tape
class Node:
    def __init__(self, value):
        self.value = np.asarray(value, dtype=float)

    def __add__(self, other):
        raise NotImplementedError()

    __radd__ = __mul__ = __matmul__ = __rmatmul__ = __sub__ = __pow__ = __add__


def vjp(f, inputs, seed):
    raise NotImplementedError()

# /// case
# set = "ps2"
# fails = []
# ///
# %% dual-class.DualNumber.__pow__
def __pow__(self, n):  # self ** n; n is a plain number: whole, also negative or 0, or a fraction
    if n == int(n) and n >= 0:
        out = DualNumber(1.0, self.dual * 0)
        for _ in range(int(n)):
            out = out * self
        return out
    if n < 0:
        return 1 / self ** -n
    return DualNumber(self.real**n, n * self.real ** (n - 1) * self.dual)

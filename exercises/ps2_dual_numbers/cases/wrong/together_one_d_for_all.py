# /// case
# set = "ps2"
# fails = ["a-d-of-its-own"]
# says = "one d for all: a number with an older tag is a constant here, whatever its dual part"
# names = ["one-d-for-all"]
# ///
# %% together
def together(a, b):
    def seen(z):
        return (z.real, z.dual) if isinstance(z, Tagged) else (z, 0.0)

    return max(getattr(a, "tag", 0), getattr(b, "tag", 0)), seen(a), seen(b)

# /// case
# set = "ps2"
# fails = ["a-d-of-its-own"]
# says = "the real part of an older number in place of the number"
# names = ["real-part-of-older"]
# ///
# %% together
def together(a, b):
    tag = max(z.tag for z in (a, b) if isinstance(z, Tagged))

    def seen(z):
        return (z.real, z.dual) if isinstance(z, Tagged) and z.tag == tag else (z.real, 0.0)

    return tag, seen(a), seen(b)

# /// case
# set = "ps2"
# fails = ["a-d-of-its-own"]
# says = "the older tag in place of the newer one"
# names = ["older-tag"]
# ///
# %% together
def together(a, b):
    tag = min(z.tag for z in (a, b) if isinstance(z, Tagged))

    def seen(z):
        return (z.real, z.dual) if isinstance(z, Tagged) and z.tag == tag else (z, 0.0)

    return tag, seen(a), seen(b)

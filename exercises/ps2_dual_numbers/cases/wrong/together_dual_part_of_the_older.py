# /// case
# set = "ps2"
# fails = ["a-d-of-its-own"]
# says = "an older number is given its own dual part"
# names = ["older-dual-kept"]
# ///
# %% together.together
def together(a, b):
    tag = max(z.tag for z in (a, b) if isinstance(z, Tagged))

    def seen(z):
        return (z, z.dual) if isinstance(z, Tagged) and z.tag != tag else (z.real, z.dual) if isinstance(z, Tagged) else (z, 0.0)

    return tag, seen(a), seen(b)

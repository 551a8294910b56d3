# /// case
# set = "ps2"
# fails = ["a-d-of-its-own"]
# says = "the dual part of what has another tag, or none, is 1.0"
# names = ["constants-move"]
# ///
# %% together.together
def together(a, b):
    tag = max(z.tag for z in (a, b) if isinstance(z, Tagged))

    def seen(z):
        return (z.real, z.dual) if isinstance(z, Tagged) and z.tag == tag else (z, 1.0)

    return tag, seen(a), seen(b)

# /// case
# set = "ps2"
# fails = ["a-d-of-its-own"]
# says = "the tag of the left operand"
# names = ["left-tag"]
# ///
# %% together
def together(a, b):
    tag = a.tag if isinstance(a, Tagged) else b.tag

    def seen(z):
        return (z.real, z.dual) if isinstance(z, Tagged) and z.tag == tag else (z, 0.0)

    return tag, seen(a), seen(b)

# /// case
# set = "ps2"
# fails = ["a-d-of-its-own"]
# says = "the tag of the right operand, also where the left one is newer"
# names = ["right-tag"]
# ///
# %% together.together
def together(a, b):
    tag = [z.tag for z in (a, b) if isinstance(z, Tagged)][-1]

    def seen(z):
        return (z.real, z.dual) if isinstance(z, Tagged) and z.tag == tag else (z, 0.0)

    return tag, seen(a), seen(b)

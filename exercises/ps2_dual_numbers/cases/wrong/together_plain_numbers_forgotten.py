# /// case
# set = "ps2"
# fails = ["a-d-of-its-own"]
# says = "a plain number has no tag and no parts"
# names = ["no-isinstance"]
# ///
# %% together
def together(a, b):
    tag = max(a.tag, b.tag)

    def seen(z):
        return (z.real, z.dual) if z.tag == tag else (z, 0.0)

    return tag, seen(a), seen(b)

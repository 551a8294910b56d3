# /// case
# set = "ps2"
# fails = []
# ///
# %% together
def together(a, b):
    ta, tb = getattr(a, "tag", 0), getattr(b, "tag", 0)
    t = max(ta, tb)
    left = [a.real, a.dual] if ta == t else [a, 0]
    right = [b.real, b.dual] if tb == t else [b, 0]
    return t, left, right

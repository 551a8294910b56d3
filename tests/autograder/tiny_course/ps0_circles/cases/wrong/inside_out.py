# /// case
# set = "ps0"
# fails = ["ring-area"]
# says = "the circles the wrong way round"
# ///
# %% ring
def ring_area(inner, outer):
    return area(inner) - area(outer)

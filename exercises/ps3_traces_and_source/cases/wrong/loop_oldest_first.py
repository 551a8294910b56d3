# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the x that was saved first is taken first"
# names = ["oldest-first"]
# ///
# %% loop.reverse_loop.again
def again():
    return ["x = saved.pop(0)", *lines, *adjoints(), *handed_on()]

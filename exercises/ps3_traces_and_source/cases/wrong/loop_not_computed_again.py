# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the lines of the body are not run again on the way back"
# names = ["not-computed-again"]
# ///
# %% loop.reverse_loop.again
def again():
    return ["x = saved.pop()", *adjoints(), *handed_on()]

# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "br is set to 0 in each round"
# names = ["br-reset"]
# ///
# %% loop.reverse_loop.again
def again():
    return ["x = saved.pop()", "br = 0.0", *lines, *adjoints(), *handed_on()]

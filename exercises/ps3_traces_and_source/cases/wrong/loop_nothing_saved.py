# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "as the loop has left it"
# names = ["nothing-saved"]
# ///
# %% loop.reverse_loop.again
def again():
    return ["saved.pop()", *lines, *adjoints(), *handed_on()]

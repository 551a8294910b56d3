# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the way back has a round less than the way there"
# names = ["first-round-left-out"]
# ///
# %% loop.reverse_loop.between
def between():
    return ["result = x", "bx, br = 1.0, 0.0", "while len(saved) > 1:"]

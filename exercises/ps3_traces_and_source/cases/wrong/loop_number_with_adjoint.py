# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "a number is given an adjoint, such as b0.5"
# names = ["number-has-adjoint"]
# ///
# %% loop.reverse_loop.handed_on
def handed_on():
    pairs = [pair for line in reversed(body) for pair in zip(line[2], pieces(*line))]
    return [f"b{one} += {piece}" for one, piece in pairs]

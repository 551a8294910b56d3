# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the way back goes through the lines from the first to the last"
# names = ["lines-forwards"]
# ///
# %% loop.reverse_loop.handed_on
def handed_on():
    pairs = [pair for line in body for pair in zip(line[2], pieces(*line))]
    return [f"b{one} += {piece}" for one, piece in pairs if isinstance(one, str)]

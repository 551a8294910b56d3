# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "are not set to 0"
# names = ["adjoints-left-over"]
# ///
# %% loop.reverse_loop.adjoints
def adjoints():
    return [f"b{last} = bx", "bx = 0.0"]
# %% loop.reverse_loop.between
def between():
    return ["result = x", "bx, br = 1.0, 0.0", *(f"b{name} = 0.0" for name, _, _ in body[:-1]), "while saved:"]

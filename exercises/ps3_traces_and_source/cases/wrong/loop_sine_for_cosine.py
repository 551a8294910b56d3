# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the slope of sin(a) is cos(a), and not sin(a)"
# names = ["sine-for-cosine"]
# ///
# %% loop.reverse_loop.pieces
def pieces(name, operation, operands):
    g, a, b = f"b{name}", operands[0], operands[-1]
    return {
        "+": [g, g], "-": [g, f"-{g}"], "*": [f"{g} * {b}", f"{g} * {a}"], "sin": [f"{g} * sin({a})"],
        "exp": [f"{g} * {name}"],
    }[operation]

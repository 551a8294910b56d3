# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "a - b sends plus to both"
# names = ["difference-plus"]
# ///
# %% loop.reverse_loop.pieces
def pieces(name, operation, operands):
    g, a, b = f"b{name}", operands[0], operands[-1]
    return {
        "+": [g, g], "-": [g, g], "*": [f"{g} * {b}", f"{g} * {a}"], "sin": [f"{g} * cos({a})"],
        "exp": [f"{g} * {name}"],
    }[operation]

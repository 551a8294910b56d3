# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "in a product each operand gets its own value as factor"
# names = ["own-factor"]
# ///
# %% loop.reverse_loop.pieces
def pieces(name, operation, operands):
    g, a, b = f"b{name}", operands[0], operands[-1]
    return {
        "+": [g, g], "-": [g, f"-{g}"], "*": [f"{g} * {a}", f"{g} * {b}"], "sin": [f"{g} * cos({a})"],
        "exp": [f"{g} * {name}"],
    }[operation]

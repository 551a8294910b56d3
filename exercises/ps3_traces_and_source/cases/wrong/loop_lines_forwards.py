# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the way back goes through the lines from the first to the last"
# names = ["lines-forwards"]
# ///
# %% loop
def reverse_loop(body):
    lines, back, last = as_text(body), [], body[-1][0]
    for name, operation, operands in body:
        g, a, b = f"b{name}", operands[0], operands[-1]
        pieces = {
            "+": [g, g], "-": [g, f"-{g}"], "*": [f"{g} * {b}", f"{g} * {a}"], "sin": [f"{g} * cos({a})"],
            "exp": [f"{g} * {name}"],
        }[operation]
        back += [f"b{one} += {piece}" for one, piece in zip(operands, pieces) if isinstance(one, str)]
    start = [f"b{name} = 0.0" for name, _, _ in body[:-1]] + [f"b{last} = bx", "bx = 0.0"]
    there = ["saved.append(x)", *lines, f"x = {last}"]
    again = ["x = saved.pop()", *lines, *start, *back]
    return (
        ["saved = []", "for k in range(n):", *(f"    {line}" for line in there), "result = x", "bx, br = 1.0, 0.0"]
        + ["while saved:", *(f"    {line}" for line in again)]
    )

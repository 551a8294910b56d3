# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "bx is not set to 0 when its value has been handed to the last line"
# names = ["adjoint-of-x-kept"]
# ///
# %% loop
def reverse_loop(body):
    lines, back, last = as_text(body), [], body[-1][0]
    for name, operation, operands in reversed(body):
        g, a, b = f"b{name}", operands[0], operands[-1]
        pieces = {
            "+": [g, g], "-": [g, f"-{g}"], "*": [f"{g} * {b}", f"{g} * {a}"], "sin": [f"{g} * cos({a})"],
            "exp": [f"{g} * {name}"],
        }[operation]
        back += [f"b{one} += {piece}" for one, piece in zip(operands, pieces) if isinstance(one, str)]
    start = [f"b{name} = 0.0" for name, _, _ in body[:-1]] + [f"b{last} = bx"]
    there = ["saved.append(x)", *lines, f"x = {last}"]
    again = ["x = saved.pop()", *lines, *start, *back]
    return (
        ["saved = []", "for k in range(n):", *(f"    {line}" for line in there), "result = x", "bx, br = 1.0, 0.0"]
        + ["while saved:", *(f"    {line}" for line in again)]
    )

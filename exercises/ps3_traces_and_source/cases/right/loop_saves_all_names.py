# /// case
# set = "ps3"
# fails = []
# ///
# %% loop
def reverse_loop(body):
    lines = ["saved = []", "for k in range(n):"]
    lines += ["    " + l for l in as_text(body)]
    names = ["x"] + [name for name, _, _ in body]
    lines += ["    saved.append((" + ", ".join(names) + "))", f"    x = {body[-1][0]}"]
    lines += ["result = x", "bx, br = 1.0, 0.0", "for k in range(n):", "    " + ", ".join(names) + " = saved.pop()"]
    for name in names[1:-1]:
        lines.append(f"    b{name} = 0.0")
    lines.append(f"    b{names[-1]} = bx")
    lines.append("    bx = 0.0")
    for name, op, operands in body[::-1]:
        a, b = operands[0], operands[-1]
        g = "b" + name
        if isinstance(a, str):
            w = {"+": "1.0", "-": "1.0", "*": f"{b}", "sin": f"cos({a})", "exp": name}[op]
            lines.append(f"    b{a} += {g} * {w}")
        if len(operands) == 2 and isinstance(b, str):
            w = {"+": "1.0", "-": "-1.0", "*": f"{a}"}[op]
            lines.append(f"    b{b} += {g} * {w}")
    return lines

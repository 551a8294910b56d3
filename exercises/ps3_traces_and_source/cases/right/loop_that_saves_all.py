# /// case
# set = "ps3"
# fails = []
# ///
# %% loop
def reverse_loop(body):
    names = [name for name, _, _ in body]
    lines = ["saved = []", "for k in range(n):"] + ["    " + line for line in as_text(body)]
    lines += [f"    saved.append((x, {', '.join(names)}))", f"    x = {names[-1]}", "result, bx, br = x, 1.0, 0.0"]
    lines += ["for k in range(n):", f"    x, {', '.join(names)} = saved[n - 1 - k]"]
    lines += [f"    {' = '.join('b' + name for name in names)} = 0.0", f"    b{names[-1]}, bx = bx, 0.0"]
    for name, operation, operands in body[::-1]:
        for place, one in enumerate(operands):
            if isinstance(one, str):
                other = operands[1 - place] if len(operands) == 2 else None
                slope = {"+": "1", "-": ("1", "-1")[place], "*": other, "sin": f"cos({one})", "exp": f"exp({one})"}
                lines.append(f"    b{one} = b{one} + ({slope[operation]}) * b{name}")
    return "\n".join(lines)

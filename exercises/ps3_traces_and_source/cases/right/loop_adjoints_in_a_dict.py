# /// case
# set = "ps3"
# fails = []
# ///
# %% loop
def reverse_loop(body):
    last = body[-1][0]
    out = ["xs = [x]", "for k in range(n):"]
    out += ["    " + l for l in as_text(body)]
    out += [f"    x = {last}", "    xs.append(x)", "result = xs[-1]", "bx, br = 1.0, 0.0", "for k in reversed(range(n)):", "    x = xs[k]"]
    out += ["    " + l for l in as_text(body)]
    out += [f"    adj = {{'{last}': bx}}"]
    for name, op, operands in reversed(body):
        out.append(f"    g = adj.get('{name}', 0.0)")
        for i, o in enumerate(operands):
            if isinstance(o, str):
                p = {"+": "g", "-": ["g", "-g"][i], "*": f"g * {operands[1 - i] if len(operands) > 1 else 0}", "sin": f"g * cos({o})", "exp": f"g * exp({o})"}[op]
                out.append(f"    adj['{o}'] = adj.get('{o}', 0.0) + {p}")
    out += ["    bx = adj.get('x', 0.0)", "    br += adj.get('r', 0.0)"]
    return out

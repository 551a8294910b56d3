# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the slope is carried along forwards, or found by a step of x"
# names = ["carried-forwards"]
# ///
# %% loop
def reverse_loop(body):
    lines = ["bx, br = np.array([1.0, 0.0])", "dr = np.array([0.0, 1.0])", "dx = np.array([1.0, 0.0])", "for k in range(n):"]
    for name, operation, operands in body:
        a, b = operands[0], operands[-1]
        d = lambda o: "d" + o if isinstance(o, str) else "0.0"
        t = {"+": f"{d(a)} + {d(b)}", "-": f"{d(a)} - {d(b)}", "*": f"{d(a)} * {b} + {a} * {d(b)}", "sin": f"cos({a}) * {d(a)}", "exp": f"exp({a}) * {d(a)}"}[operation]
        lines += ["    " + as_text([(name, operation, operands)])[0], f"    d{name} = {t}"]
    last = body[-1][0]
    return lines + [f"    x = {last}", f"    dx = d{last}", "result = x", "bx, br = dx"]

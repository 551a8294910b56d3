# /// case
# set = "ps3"
# fails = ["dual-current", "transform-operations", "transform-numbers"]
# says = "da / b - a / b * db"
# names = ["quotient-term-not-squared"]
# ///
# %% dual.dual_current
def dual_current(x1, x2, dx1, dx2):
    w3 = x1 * x2
    dw3 = dx1 * x2 + x1 * dx2
    w4 = np.sin(w3)
    dw4 = np.cos(w3) * dw3
    w5 = w4 / x2
    dw5 = dw4 / x2 - w4 / x2 * dx2
    w6 = w5 * w5
    dw6 = 2 * w5 * dw5
    w7 = w6 - w3
    dw7 = dw6 - dw3
    return w7, dw7
# %% transform.dual_lines
def dual_lines(name, operation, operands):
    words = [f"({one!r})" if isinstance(one, (int, float)) else one for one in operands]
    tangents = ["0.0" if isinstance(one, (int, float)) else f"d{one}" for one in operands]
    a, da = words[0], tangents[0]
    b, db = words[-1], tangents[-1]
    value, tangent = {
        "+": (f"{a} + {b}", f"{da} + {db}"),
        "-": (f"{a} - {b}", f"{da} - {db}"),
        "*": (f"{a} * {b}", f"{da} * {b} + {a} * {db}"),
        "/": (f"{a} / {b}", f"{da} / {b} - {a} / {b} * {db}"),
        "sin": (f"sin({a})", f"cos({a}) * {da}"),
        "cos": (f"cos({a})", f"-sin({a}) * {da}"),
        "exp": (f"exp({a})", f"{name} * {da}"),
        "log": (f"log({a})", f"{da} / {a}"),
        "=": (a, da),
    }[operation]
    return [f"{name} = {value}", f"d{name} = {tangent}"]

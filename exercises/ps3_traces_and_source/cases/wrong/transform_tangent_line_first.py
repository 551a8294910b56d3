# /// case
# set = "ps3"
# fails = ["transform-operations", "transform-numbers"]
# says = "a result is read before a line has assigned it"
# names = ["no-value-line"]
# ///
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
        "/": (f"{a} / {b}", f"({da} - {name} * {db}) / {b}"),
        "sin": (f"sin({a})", f"cos({a}) * {da}"),
        "cos": (f"cos({a})", f"-sin({a}) * {da}"),
        "exp": (f"exp({a})", f"{name} * {da}"),
        "log": (f"log({a})", f"{da} / {a}"),
        "=": (a, da),
    }[operation]
    return [f"d{name} = {tangent}", f"{name} = {value}"]

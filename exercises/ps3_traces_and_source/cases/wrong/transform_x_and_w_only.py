# /// case
# set = "ps3"
# fails = ["transform-numbers"]
# says = "only names that begin with x or w are given tangents"
# names = ["only-x-and-w-move"]
# ///
# %% transform.dual_lines
def dual_lines(name, operation, operands):
    words = [f"({one!r})" if isinstance(one, (int, float)) else one for one in operands]
    tangents = [f"d{one}" if str(one).startswith(("x", "w")) else "0.0" for one in operands]
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
    return [f"{name} = {value}", f"d{name} = {tangent}"]

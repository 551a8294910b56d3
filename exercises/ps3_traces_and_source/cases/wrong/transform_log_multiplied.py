# /// case
# set = "ps3"
# fails = ["transform-operations"]
# says = "log is multiplied where it must be divided"
# names = ["log-multiplied"]
# ///
# %% transform
def dual_lines(name, operation, operands):
    words = [one if isinstance(one, str) else f"({one})" for one in operands]
    tangents = [f"d{one}" if isinstance(one, str) else 0.0 for one in operands]
    a, b, da, db = words[0], words[-1], tangents[0], tangents[-1]
    value, tangent = {
        "+": (f"{a} + {b}", f"{da} + {db}"),
        "-": (f"{a} - {b}", f"{da} - {db}"),
        "*": (f"{a} * {b}", f"{da} * {b} + {a} * {db}"),
        "/": (f"{a} / {b}", f"({da} - {name} * {db}) / {b}"),
        "sin": (f"sin({a})", f"cos({a}) * {da}"),
        "cos": (f"cos({a})", f"-sin({a}) * {da}"),
        "exp": (f"exp({a})", f"{name} * {da}"),
        "log": (f"log({a})", f"{a} * {da}"),
        "=": (f"{a}", f"{da}"),
    }[operation]
    return [f"{name} = {value}", f"d{name} = {tangent}"]

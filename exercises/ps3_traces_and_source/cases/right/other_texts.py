# /// case
# set = "ps3"
# fails = []
# ///
# The tangent is written before the value, other forms of the rules, one text in place of a list, if for a dict.
# %% transform
def dual_lines(name, operation, operands):
    def tangent(one):
        return "d" + one if type(one) is str else "0"

    a, b = operands[0], operands[-1]
    da, db = tangent(a), tangent(b)
    if operation in ("+", "-"):
        return f"d{name} = {da} {operation} {db}\n{name} = {a} {operation} {b}\n"
    if operation == "*":
        return f"d{name} = ({a})*({db}) + ({b})*({da})\n{name} = ({a})*({b})"
    if operation == "/":
        return f"{name} = {a} / {b}\nd{name} = ({da} * {b} - {a} * {db}) / ({b}) ** 2"
    if operation == "=":
        return [f"{name}, d{name} = {a}, {da}"]
    outer = {"sin": f"np.cos({a})", "cos": f"(-1) * np.sin({a})", "exp": f"np.exp({a})", "log": f"1 / {a}"}[operation]
    return [f"d{name} = ({outer}) * {da}", "", f"# {operation}", f"{name} = np.{operation}({a})"]

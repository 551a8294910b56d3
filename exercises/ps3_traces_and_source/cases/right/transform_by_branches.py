# /// case
# set = "ps3"
# fails = []
# ///
# %% transform
def dual_lines(name, operation, operands):
    a = operands[0]
    b = operands[1] if len(operands) > 1 else None
    d = lambda o: "d" + o if isinstance(o, str) else "0"
    if operation == "=":
        return [f"{name} = {a}", f"d{name} = {d(a)}"]
    if operation in "+-":
        return [f"{name} = ({a}) {operation} ({b})", f"d{name} = ({d(a)}) {operation} ({d(b)})"]
    if operation == "*":
        return [f"{name} = ({a}) * ({b})", f"d{name} = ({d(a)}) * ({b}) + ({a}) * ({d(b)})"]
    if operation == "/":
        return [f"{name} = ({a}) / ({b})", f"d{name} = (({d(a)}) * ({b}) - ({a}) * ({d(b)})) / (({b}) * ({b}))"]
    rule = {"sin": f"cos({a})", "cos": f"-sin({a})", "exp": f"exp({a})", "log": f"1 / ({a})"}[operation]
    return [f"{name} = {operation}({a})", f"d{name} = {rule} * {d(a)}"]

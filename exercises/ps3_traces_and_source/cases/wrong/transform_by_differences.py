# /// case
# set = "ps3"
# fails = ["transform-operations", "transform-numbers"]
# says = "expected"
# names = []
# ///
# %% transform
def dual_lines(name, operation, operands):
    def text(operands):
        if operation in ("+", "-", "*", "/"):
            return f"({operands[0]}) {operation} ({operands[1]})"
        return f"{operation.replace('=', '')}({operands[0]})"

    there = [f"{one} + 1e-6 * d{one}" if isinstance(one, str) else one for one in operands]
    here = [f"{one} - 1e-6 * d{one}" if isinstance(one, str) else one for one in operands]
    return [f"{name} = {text(operands)}", f"d{name} = (({text(there)}) - ({text(here)})) / 2e-6"]

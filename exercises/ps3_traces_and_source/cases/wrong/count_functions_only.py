# /// case
# set = "ps3"
# fails = ["count-operations"]
# says = "only functions are counted"
# names = ["only-functions"]
# ///
# %% count
def count_operations(program):
    return sum(operation in ("sin", "cos", "exp", "log") for _, operation, _ in program)

def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 0) for one in operands)
    return size[program[-1][0]]

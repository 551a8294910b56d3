# /// case
# set = "ps3"
# fails = ["count-operations"]
# says = "operands are counted"
# names = ["operands-counted"]
# ///
# %% count
def count_operations(program):
    return sum(len(operands) for _, _, operands in program)

def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 0) for one in operands)
    return size[program[-1][0]]

# /// case
# set = "ps3"
# fails = ["count-operations"]
# says = "copies are counted"
# names = ["copies-counted"]
# ///
# %% count
def count_operations(program):
    return len(program)

def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 0) for one in operands)
    return size[program[-1][0]]

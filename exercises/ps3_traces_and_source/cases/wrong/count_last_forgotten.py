# /// case
# set = "ps3"
# fails = ["count-operations"]
# says = "the last line is forgotten"
# names = ["last-line-forgotten"]
# ///
# %% count
def count_operations(program):
    return sum(operation != "=" for _, operation, _ in program[:-1])

def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 0) for one in operands)
    return size[program[-1][0]]

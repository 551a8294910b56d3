# /// case
# set = "ps3"
# fails = ["count-operations"]
# says = "each kind of operation is counted once"
# names = ["each-kind-once"]
# ///
# %% count
def count_operations(program):
    return len({operation for _, operation, _ in program if operation != "="})

def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 0) for one in operands)
    return size[program[-1][0]]

# /// case
# set = "ps3"
# fails = ["count-operations"]
# says = "one too many"
# names = ["one-too-many"]
# ///
# %% count
def count_operations(program):
    return sum(operation != "=" for _, operation, _ in program) + 1


def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(operand, 0) for operand in operands)
    return size[program[-1][0]]
    ### END SOLUTION

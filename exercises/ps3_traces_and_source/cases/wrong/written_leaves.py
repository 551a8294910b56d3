# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "inputs and numbers are counted"
# names = ["inputs-and-numbers-counted"]
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 1) for one in operands)
    return size[program[-1][0]]

# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "but not the line's own"
# names = ["own-operation-lost"]
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 0) for one in operands)
    return sum(size.get(one, 0) for one in program[-1][2])

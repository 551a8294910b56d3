# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "copies are counted"
# names = ["copies-counted"]
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = 1 + sum(size.get(one, 0) for one in operands)
    return size[program[-1][0]]

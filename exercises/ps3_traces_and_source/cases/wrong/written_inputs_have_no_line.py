# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "an input or a number has no line"
# names = ["no-line-for-input"]
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size[one] for one in operands)
    return size[program[-1][0]]

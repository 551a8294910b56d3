# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "only the first operand is written out"
# names = ["first-operand-only"]
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + size.get(operands[0], 0)
    return size[program[-1][0]]

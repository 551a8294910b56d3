# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "expected"
# names = []
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(operand, 0) for operand in operands)
    return max(size.values())

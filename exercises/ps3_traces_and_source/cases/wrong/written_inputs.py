# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "inputs are counted: they"
# names = ["inputs-counted"]
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum((size.get(one, 1) if isinstance(one, str) else 0) for one in operands)
    return size[program[-1][0]]

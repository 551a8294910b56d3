# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "the formulas of all lines are added up"
# names = ["all-lines-added"]
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 0) for one in operands)
    return sum(size.values())

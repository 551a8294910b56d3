# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "a line that uses the same name twice"
# names = ["same-name-once"]
# ///
# %% count.count_written_out
def count_written_out(program):
    size = {}
    for name, operation, operands in program:
        size[name] = (operation != "=") + sum(size.get(one, 0) for one in set(operands))
    return size[program[-1][0]]

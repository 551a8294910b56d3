# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "all lines of the program are counted"
# names = ["all-lines-once"]
# ///
# %% count
def count_operations(program):
    return sum(operation != "=" for _, operation, _ in program)


def count_written_out(program):
    return count_operations(program)

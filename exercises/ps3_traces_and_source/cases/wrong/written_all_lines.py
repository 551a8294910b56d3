# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "all lines of the program are counted"
# names = ["all-lines-once"]
# ///
# %% count.count_written_out
def count_written_out(program):
    return count_operations(program)

# /// case
# set = "ps3"
# fails = ["count-operations"]
# says = "you returned"
# ///
# Two lines that do the same are two operations.
# %% count.count_operations
def count_operations(program):
    return len({(op, operands) for _, op, operands in program if op != "="})

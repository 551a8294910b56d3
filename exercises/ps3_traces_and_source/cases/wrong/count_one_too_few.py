# /// case
# set = "ps3"
# fails = ["count-operations"]
# says = "expected"
# names = []
# ///
# %% count.count_operations
def count_operations(program):
    return sum(operation != "=" for _, operation, _ in program) - 1

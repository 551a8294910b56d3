# /// case
# set = "ps3"
# fails = ["count-written-out"]
# says = "each line is counted once"
# names = ["each-line-once"]
# ///
# The operations of the program line by line, those that are used.
# %% count.count_written_out
def count_written_out(program):
    lines = {name: (operation, operands) for name, operation, operands in program}
    seen = set()
    
    def walk(name):
        if name not in lines or name in seen:
            return 0
        seen.add(name)
        operation, operands = lines[name]
        return (operation != "=") + sum(walk(one) for one in operands)
    
    return walk(program[-1][0])

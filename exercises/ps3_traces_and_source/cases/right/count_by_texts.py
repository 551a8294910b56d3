# /// case
# set = "ps3"
# fails = []
# ///
# %% count
def count_operations(program):
    return len([1 for line in program if line[1] in ("+", "-", "*", "/", "sin", "cos", "exp", "log")])
def count_written_out(program):
    texts = {}
    for name, operation, operands in program:
        words = [texts.get(o, "") for o in operands]
        texts[name] = ("" if operation == "=" else "#") + "".join(words)
    return len(texts[program[-1][0]])

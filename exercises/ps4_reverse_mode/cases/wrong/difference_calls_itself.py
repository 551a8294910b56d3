# /// case
# set = "ps4"
# fails = ["quotient"]
# says = "the operation calls itself without end"
# names = ["calls-itself"]
# ///
# a + (-b) looks harmless, and -b is 0 - b.
# %% operators.subtract
def subtract(a, b):
    a, b = as_node(a), as_node(b)
    return a + (-b)

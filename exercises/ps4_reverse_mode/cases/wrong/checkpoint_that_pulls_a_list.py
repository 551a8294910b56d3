# /// case
# set = "ps4"
# fails = ["checkpoint"]
# says = "the pull of your checkpoint returns a list"
# ///
# %% memory.checkpoint
def checkpoint(f, a):
    return Node(f(Node(a.value)).value, (a,), (lambda g: vjp(f, [a.value], g),))

# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "bx is not set to 0 when its value has been handed to the last line"
# names = ["adjoint-of-x-kept"]
# ///
# %% loop.reverse_loop.adjoints
def adjoints():
    return [f"b{name} = 0.0" for name, _, _ in body[:-1]] + [f"b{last} = bx"]

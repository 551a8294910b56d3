# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the slope is carried along forwards, or found by a step of x"
# names = ["carried-forwards"]
# ///
# %% loop
def reverse_loop(body):
    lines = as_text(body)
    return ["x = x + 1e-30j", "for k in range(n):", *["    " + l for l in lines], f"    x = {body[-1][0]}", "result = x.real", "bx = x.imag / 1e-30"]

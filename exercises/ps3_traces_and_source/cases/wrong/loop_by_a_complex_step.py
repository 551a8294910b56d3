# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "the slope is carried along forwards, or found by a step of x"
# names = ["carried-forwards"]
# ///
# %% loop
def reverse_loop(body):
    lines = ["start = x"]
    for step in ("x = start + 1e-30j", "x, r = start, r + 1e-30j"):
        lines += [step, "for k in range(n):", *["    " + l for l in as_text(body)], f"    x = {body[-1][0]}"]
        lines += ["result = x.real", "bx = x.imag / 1e-30"] if "start +" in step else ["br = x.imag / 1e-30"]
    return lines

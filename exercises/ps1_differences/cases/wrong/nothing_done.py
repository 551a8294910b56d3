# /// case
# set = "ps1"
# fails = ["forward-difference", "central-difference", "central-arrays", "order-halving", "order-any-steps", "best-forward-step", "best-central-step", "complex-step", "complex-any-step"]
# says = "This part is not done yet"
# names = []
# ///
# %% forward
def forward_slope(f, x, h):
    raise NotImplementedError()
# %% central
def central_slope(f, x, h):
    raise NotImplementedError()
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    raise NotImplementedError()
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    raise NotImplementedError()
# %% best-central
def best_central_step(value, third, precision="float64"):
    raise NotImplementedError()
# %% complex
def complex_slope(f, x, h=1e-20):
    raise NotImplementedError()

# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "half of the step"
# names = ["system-half-a-step"]
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - 0.5 * np.linalg.solve(jacobian(x), f(x))

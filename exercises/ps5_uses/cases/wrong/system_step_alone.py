# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "the step p alone: the next point is x + p"
# names = ["system-step-alone"]
# ///
# %% system
def newton_step(f, jacobian, x):
    return -np.linalg.solve(jacobian(x), f(x))

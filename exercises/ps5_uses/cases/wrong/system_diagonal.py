# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "only the diagonal of the Jacobian is used: each equation depends on all unknowns"
# names = ["system-diagonal"]
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - f(x) / np.diag(jacobian(x))

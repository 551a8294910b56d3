# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "the Jacobian is transposed: rows belong to equations, columns to unknowns"
# names = ["system-transposed"]
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - np.linalg.solve(jacobian(x).T, f(x))

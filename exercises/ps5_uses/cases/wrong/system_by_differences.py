# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "the derivative that is given is not used"
# names = ["not-the-given-derivative"]
# ///
# %% system
def newton_step(f, jacobian, x):
    h = 1e-5
    J = np.stack([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))], axis=1)
    return x - np.linalg.solve(J, f(x))

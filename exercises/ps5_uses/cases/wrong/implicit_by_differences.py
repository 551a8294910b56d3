# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "the derivative that is given is not used"
# names = ["not-the-given-derivative"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y, e = y, 1e-5
    for _ in range(iterations):
        J = np.stack([(f(Y + e * d) - f(Y - e * d)) / (2 * e) for d in np.eye(len(y))], axis=1)
        Y = Y - np.linalg.solve(np.eye(len(y)) - h * J, Y - y - h * f(Y))
    return Y

# /// case
# set = "ps5"
# fails = ["gauss-newton-step"]
# says = "J J' has a row and a column for each measurement"
# names = ["fit-turned-round"]
# ///
# %% gauss-newton
def gauss_newton_step(residuals, jacobian, b):
    J, r = jacobian(b), residuals(b)
    return b - np.linalg.solve(J @ J.T + 1e-9 * np.eye(len(r)), J.T @ r)

# /// case
# set = "ps5"
# fails = ["gauss-newton-step"]
# says = "the derivative that is given is not used"
# names = ["not-the-given-derivative"]
# ///
# %% gauss-newton
def gauss_newton_step(residuals, jacobian, b):
    h = 1e-5
    J = np.stack([(residuals(b + h * e) - residuals(b - h * e)) / (2 * h) for e in np.eye(len(b))], axis=1)
    return b + np.linalg.lstsq(J, -residuals(b), rcond=None)[0]

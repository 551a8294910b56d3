# /// case
# set = "ps5"
# fails = []
# ///
# %% newton
def newton_path(f, slope, start, steps):
    points = np.empty(steps + 1)
    points[0] = start
    for k in range(steps):
        points[k + 1] = points[k] - f(points[k]) / slope(points[k])
    return points
# %% gauss-newton
def gauss_newton_step(residuals, jacobian, b):
    r, J = residuals(b), jacobian(b)
    return b - np.linalg.solve(J.T @ J, J.T @ r)
# %% deviations
def deviations(r, J):
    Q, R = np.linalg.qr(J)
    inverse = np.linalg.inv(R)
    s = np.sqrt(np.sum(r**2) / (len(r) - J.shape[1]))
    return s * np.linalg.norm(inverse, axis=1)
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    guess = np.array(y, dtype=float)
    for _ in range(iterations):
        matrix = np.identity(len(y)) - h * jacobian(guess)
        guess = guess + np.linalg.inv(matrix) @ (y + h * f(guess) - guess)
    return guess

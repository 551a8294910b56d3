# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# ///
# %% derivative
def derivative(f, x):
    h, weights = 0.008, (5 / 6, -5 / 21, 5 / 84, -5 / 504, 1 / 1260)
    values = [f(DualNumber(x + k * h, 0.0)).real - f(DualNumber(x - k * h, 0.0)).real for k in range(1, 6)]
    return sum(w * v for w, v in zip(weights, values)) / h

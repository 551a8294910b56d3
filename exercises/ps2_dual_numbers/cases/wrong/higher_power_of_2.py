# /// case
# set = "ps2"
# fails = ["taylor-coefficients"]
# says = "divided by 2^k in place of k!"
# names = ["power-of-2"]
# ///
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    def nth_derivative(k):
        return f if k == 0 else lambda y: derivative(nth_derivative(k - 1), y)

    return np.array([nth_derivative(k)(x) / 2**k for k in range(order + 1)])

# /// case
# set = "ps2"
# fails = ["taylor-coefficients"]
# says = "each coefficient is multiplied by x^k"
# names = ["times-powers-of-x"]
# ///
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    def nth_derivative(k):
        return f if k == 0 else lambda y: derivative(nth_derivative(k - 1), y)

    return np.array([nth_derivative(k)(x) * x**k / math.factorial(k) for k in range(order + 1)])

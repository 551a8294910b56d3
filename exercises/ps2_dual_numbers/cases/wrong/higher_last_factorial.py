# /// case
# set = "ps2"
# fails = ["taylor-coefficients"]
# says = "each is divided by the factorial of the order"
# names = ["last-factorial"]
# ///
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    def nth_derivative(k):
        return f if k == 0 else lambda y: derivative(nth_derivative(k - 1), y)

    return np.array([nth_derivative(k)(x) / math.factorial(order) for k in range(order + 1)])

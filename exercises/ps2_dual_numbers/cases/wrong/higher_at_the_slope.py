# /// case
# set = "ps2"
# fails = ["second-derivative"]
# says = "f'(f'(x))"
# names = ["at-the-slope"]
# ///
# %% higher
def second_derivative(f, x):
    return derivative(f, derivative(f, x))


def taylor_coefficients(f, x, order):
    def nth_derivative(k):
        return f if k == 0 else lambda y: derivative(nth_derivative(k - 1), y)

    return np.array([nth_derivative(k)(x) / math.factorial(k) for k in range(order + 1)])
    ### END SOLUTION

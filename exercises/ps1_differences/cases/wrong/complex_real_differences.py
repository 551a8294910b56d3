# /// case
# set = "ps1"
# fails = ["complex-step"]
# says = "f was asked at real numbers alone"
# names = ["real-differences"]
# ///
# %% complex
def complex_slope(f, x, h=None):
    if h is not None:
        return np.imag(f(x + 1j * h)) / h
    # central differences of order 24: the weights of Fornberg, of which the k-th is (-1)^(k+1) 2 m!^2 / (k (m-k)! (m+k)!)
    m, step, weight, total = 12, 0.03, 1.0, 0.0
    for k in range(1, m + 1):
        weight *= (m - k + 1) / (m + k)
        total += (-1) ** (k + 1) * weight / k * (f(x + k * step) - f(x - k * step))
    return total / step

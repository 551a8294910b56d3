# /// case
# set = "ps3"
# fails = ["trace-tangents"]
# says = "da / b - a / b * db"
# names = ["quotient-term-not-squared"]
# ///
# %% trace.fill_trace
def fill_trace(x1, x2, dx1, dx2):
    w1, dw1 = x1, dx1
    w2, dw2 = x2, dx2
    w3 = np.exp(w2)
    dw3 = w3 * dw2
    w4 = w1 * w3
    dw4 = dw1 * w3 + w1 * dw3
    w5 = w1 / w2
    dw5 = dw1 / w2 - w1 / w2 * dw2
    w6 = w4 - w5
    dw6 = dw4 - dw5
    return [w1, w2, w3, w4, w5, w6], [dw1, dw2, dw3, dw4, dw5, dw6]

# /// case
# set = "ps3"
# fails = ["trace-values", "trace-tangents"]
# says = "expected"
# names = []
# ///
# %% trace
def fill_trace(x1, x2, dx1, dx2):
    w1, w2, dw1, dw2 = x1, x2, dx1, dx2
    w3 = np.exp(w2)
    dw3 = w3 * dw2
    w4 = w1 * w3
    dw4 = dw1 * w3 + w1 * dw3
    w5 = w1
    dw5 = (dw1 - w5 * dw2) / w2
    w6 = w4 - w5
    dw6 = dw4 - dw5
    return [w1, w2, w3, w4, w5, w6], [dw1, dw2, dw3, dw4, dw5, dw6]

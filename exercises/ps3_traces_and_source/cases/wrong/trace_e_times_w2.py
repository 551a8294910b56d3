# /// case
# set = "ps3"
# fails = ["trace-values", "trace-tangents"]
# says = "w3 is e times w2"
# names = ["w3-times-e"]
# ///
# %% trace.fill_trace
def fill_trace(x1, x2, dx1, dx2):
    w1, dw1 = x1, dx1
    w2, dw2 = x2, dx2
    w3 = np.e * w2
    dw3 = w3 * dw2
    w4 = w1 * w3
    dw4 = dw1 * w3 + w1 * dw3
    w5 = w1 / w2
    dw5 = (dw1 - w5 * dw2) / w2
    w6 = w4 - w5
    dw6 = dw4 - dw5
    return [w1, w2, w3, w4, w5, w6], [dw1, dw2, dw3, dw4, dw5, dw6]

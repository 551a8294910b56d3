# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "the logits are not moved"
# names = ["logits-stay"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    g = vjp(lambda *p: log_likelihood(points, *p), parameters, 1.0 / len(points))
    return [parameters[0]] + [p + rate * q for p, q in list(zip(parameters, g))[1:]]

# /// case
# set = "ps9"
# fails = ["ascent-value"]
# says = "two things"
# names = ["downhill-of-sum"]
# ///
# %% ascent
def ascent_step(points, parameters, rate):
    g = vjp(lambda *p: log_likelihood(points, *p), parameters, 1.0)
    return [p - rate * q for p, q in zip(parameters, g)]

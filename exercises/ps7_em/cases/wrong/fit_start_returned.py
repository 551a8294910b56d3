# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "the start comes back"
# names = ["start-comes-back"]
# ///
# %% loop
def fit_mixture(points, start):
    mixture, history = start, []
    while not history or not at_rest(history):
        R, log_likelihood = memberships(points, start)
        history.append(log_likelihood)
        refit(points, R, mixture)
    return mixture

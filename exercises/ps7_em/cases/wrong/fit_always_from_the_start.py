# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "one iteration only; or every E step uses the start"
# names = ["one-iteration"]
# ///
# %% loop
def fit_mixture(points, start):
    history = []
    for _ in range(50):
        R, log_likelihood = memberships(points, start)
        history.append(log_likelihood)
        mixture = refit(points, R, start)
    return mixture

# /// case
# set = "ps7"
# fails = []
# ///
# A tolerance relative to the log-likelihood; components come back sorted, in another order than they began.
# %% stop
def at_rest(history):
    if len(history) < 2:
        return False
    return abs(history[-1] - history[-2]) <= 1e-8 * abs(history[-1])
# %% loop
def fit_mixture(points, start):
    mixture, history, steps = list(start), [], 0
    while steps < 500:
        steps += 1
        responsibilities, value = memberships(points, mixture)
        history.append(value)
        if at_rest(history):
            break
        mixture = refit(points, responsibilities, mixture)
    return sorted(mixture, key=lambda component: -component[1][0])

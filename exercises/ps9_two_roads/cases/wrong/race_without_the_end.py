# /// case
# set = "ps9"
# fails = ["race-heights"]
# says = "the last height is missing"
# names = ["no-last-height"]
# ///
# %% race
def race(points, parameters, rate, iterations):
    n = len(points)
    h = lambda p: float(log_likelihood(points, *map(Node, p)).value) / n
    A = B = parameters; ga, gb = [h(A)], [h(B)]
    for _ in range(iterations - 1):
        A, B = ascent_step(points, A, rate), em_step(points, B)
        ga.append(h(A)); gb.append(h(B))
    return np.array(ga), np.array(gb)

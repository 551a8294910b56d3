# /// case
# set = "ps9"
# fails = ["race-heights"]
# says = "from the gradient's mixture"
# names = ["beside-the-gradient"]
# ///
# %% race
def race(points, parameters, rate, iterations):
    n = len(points)
    h = lambda p: float(log_likelihood(points, *map(Node, p)).value) / n
    A = B = parameters; ga, gb = [h(A)], [h(B)]
    for _ in range(iterations):
        A = ascent_step(points, A, rate); B = em_step(points, A)
        ga.append(h(A)); gb.append(h(B))
    return np.array(ga), np.array(gb)

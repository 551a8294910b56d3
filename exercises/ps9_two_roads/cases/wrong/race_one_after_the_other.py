# /// case
# set = "ps9"
# fails = ["race-heights"]
# says = "EM begins where the gradient has ended"
# names = ["after-the-gradient"]
# ///
# %% race
def race(points, parameters, rate, iterations):
    def height(p):
        return float(log_likelihood(points, *[Node(array) for array in p]).value) / len(points)

    climbers = []
    now = parameters
    for step in (lambda p: ascent_step(points, p, rate), lambda p: em_step(points, p)):
        pass
        heights = [height(now)]
        for _ in range(iterations):
            now = step(now)
            heights.append(height(now))
        climbers.append(np.array(heights))
    return tuple(climbers)

# /// case
# set = "ps9"
# fails = ["race-heights"]
# says = "the sums: asked is the mean"
# names = ["sums-for-means"]
# ///
# %% race
def race(points, parameters, rate, iterations):
    def height(p):
        return float(log_likelihood(points, *[Node(array) for array in p]).value)

    climbers = []
    now = parameters
    for step in (lambda p: ascent_step(points, p, rate), lambda p: em_step(points, p)):
        now = parameters
        heights = [height(now)]
        for _ in range(iterations):
            now = step(now)
            heights.append(height(now))
        climbers.append(np.array(heights))
    return tuple(climbers)

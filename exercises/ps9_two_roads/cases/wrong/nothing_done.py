# /// case
# set = "ps9"
# fails = ["weights-value", "weights-gradient", "densities-diagonal", "densities-full", "likelihood-value", "likelihood-far", "ascent-value", "em-step", "race-heights"]
# says = "This part is not done yet"
# names = []
# ///
# %% weights
def log_weights(logits):
    raise NotImplementedError()
# %% densities
def log_densities(points, means, diagonals, corners):
    raise NotImplementedError()
# %% likelihood
def log_likelihood(points, logits, means, diagonals, corners):
    raise NotImplementedError()
# %% ascent
def ascent_step(points, parameters, rate):
    raise NotImplementedError()
# %% em
def em_step(points, parameters):
    raise NotImplementedError()
# %% race
def race(points, parameters, rate, iterations):
    raise NotImplementedError()

# /// case
# set = "ps5"
# fails = ["newton-path", "newton-system", "gauss-newton-step", "standard-deviations", "implicit-one", "implicit-many", "network-answers", "mean-squared-loss", "training-step"]
# says = "This part is not done yet"
# names = []
# ///
# %% newton
def newton_path(f, slope, start, steps):
    raise NotImplementedError()
# %% system
def newton_step(f, jacobian, x):
    raise NotImplementedError()
# %% gauss-newton
def gauss_newton_step(residuals, jacobian, b):
    raise NotImplementedError()
# %% deviations
def deviations(r, J):
    raise NotImplementedError()
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    raise NotImplementedError()
# %% network
def network(W1, b1, W2, b2, X):
    raise NotImplementedError()
# %% loss
def loss(answers, targets):
    raise NotImplementedError()
# %% training
def training_step(weights, X, targets, rate):
    raise NotImplementedError()

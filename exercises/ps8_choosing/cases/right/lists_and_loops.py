# /// case
# set = "ps8"
# fails = []
# says = ""
# ///
# %% doubt
def doubtful(probabilities, sure):
    rows = []
    for row, p in enumerate(probabilities):
        if max(p) < sure:
            rows.append(row)
    return rows
# %% fit
class Patient(GaussianMixture):
    """A mixture with a feature more than asked."""

    def describe(self):
        return f"{self.n_components} components"


def fitted(points, kinds, shape):
    mixture = Patient(kinds)
    mixture.set_params(covariance_type=shape, n_init=10, tol=1e-6, max_iter=1000, random_state=0)
    mixture.fit(points)
    return mixture

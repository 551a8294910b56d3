# /// case
# set = "ps8"
# fails = ["best-model"]
# says = "the fewest components, whatever its BIC"
# names = ["fewest-components"]
# ///
# %% judge
def best_model(points, choices, thin):
    def is_sound(kinds, shape):
        return not collapsed(matrices(fitted(points, kinds, shape)), points.std(axis=0), thin)

    return min(choice for choice in choices if is_sound(*choice))

# /// case
# set = "ps4"
# fails = ["taken-entries"]
# says = "returns something else when it is called again"
# ///
# %% arrays.take
def take(a, index):
    whole = np.zeros_like(a.value)
    def pull(g):
        np.add.at(whole, index, g)
        return whole
    return Node(a.value[index], (a,), (pull,))

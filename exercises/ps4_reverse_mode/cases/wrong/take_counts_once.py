# /// case
# set = "ps4"
# fails = ["taken-entries"]
# says = "`whole[index] += g` counts a repeated index once"
# names = ["repeated-once"]
# ///
# `+=` with an index list writes each place once.
# %% arrays.take
def take(a, index):
    def pull(g):
        whole = np.zeros_like(a.value)
        whole[index] += g
        return whole

    return Node(a.value[index], (a,), (pull,))

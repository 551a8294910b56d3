# /// case
# set = "ps4"
# fails = ["taken-entries"]
# says = "ones in place of zeros"
# names = ["ones-for-zeros"]
# ///
# The untaken entries get 1.
# %% arrays.take
def take(a, index):
    def pull(g):
        whole = np.ones_like(a.value)
        whole[index] = g
        return whole

    return Node(a.value[index], (a,), (pull,))

# /// case
# set = "ps4"
# fails = ["taken-entries"]
# says = "the pull returns g as it is: it must return an array of the shape of a"
# names = ["g-not-spread"]
# ///
# In the shape of what was taken.
# %% arrays.take
def take(a, index):
    def pull(g):
        return g

    return Node(a.value[index], (a,), (pull,))

# /// case
# set = "ps4"
# fails = ["taken-entries"]
# ///
# %% arrays.take
def take(a, index):
    def pull(g):
        whole = np.zeros_like(a.value)
        if isinstance(index, list):
            for place, row in enumerate(index):
                whole[row] += g[place]
        else:
            whole[index] += g
        return whole

    return Node(a.value[index], (a,), (pull,))

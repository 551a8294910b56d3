# /// case
# set = "ps4"
# fails = ["many-matrices"]
# says = "`.T` turns all axes round"
# names = ["all-axes-turned"]
# ///
# Right for two axes.
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: g @ b.value.T, lambda g: a.value.T @ g)
    return Node(a.value @ b.value, (a, b), pulls)

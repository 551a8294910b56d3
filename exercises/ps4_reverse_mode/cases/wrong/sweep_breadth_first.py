# /// case
# set = "ps4"
# fails = ["reuse", "again"]
# says = "breadth first is no topological order"
# names = ["breadth-first"]
# ///
# Nearest to the result first: right on chains of diamonds, wrong where paths differ in length.
# %% sweep
def backward(result, seed=1.0):
    for node in topological_order(result):
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    waiting = [result]
    for node in waiting:
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
            if parent not in waiting:
                waiting.append(parent)

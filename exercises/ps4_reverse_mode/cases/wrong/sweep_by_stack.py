# /// case
# set = "ps4"
# fails = ["reuse", "again", "broadcasting"]
# says = "a stack with a set of visited nodes"
# names = ["stack-of-nodes"]
# ///
# %% sweep
def backward(result, seed=1.0):
    for node in topological_order(result):
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    waiting, seen = [result], set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
            waiting.append(parent)

# /// case
# set = "ps5"
# fails = ["network-answers"]
# says = "the last layer does not bend"
# names = ["last-bends"]
# ///
# %% network
def network(W1, b1, W2, b2, X):
    return ((X @ W1 + b1).tanh() @ W2 + b2).tanh()

# /// case
# set = "ps5"
# fails = ["network-answers"]
# says = "b1 is added after the bend"
# names = ["b1-after-bend"]
# ///
# %% network
def network(W1, b1, W2, b2, X):
    return ((X @ W1).tanh() + b1) @ W2 + b2

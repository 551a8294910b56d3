# /// case
# set = "ps3"
# fails = ["reverse-loop"]
# says = "x is saved at the end of a round"
# names = ["saved-too-late"]
# ///
# %% loop.reverse_loop.there
def there():
    return [*lines, f"x = {last}", "saved.append(x)"]

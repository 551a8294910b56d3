# /// case
# set = "ps4"
# fails = []
# ///
# %% exhibits
exhibits = {
    "same-operand": ["x = -2\ny = x + x", 2],
    "sign": ("x = 0.5; y = -2 - x", -1.0),
    "late": ("a = 2; x = 3; x = a * x", 3),
    "recursion": ("p = 0.5; q = -3 * p; r = q + 2; s = r * q", 3),
    "breadth-first": ("x = 2; y = x + 1; z = y - 3; w = y * z", 3),
}

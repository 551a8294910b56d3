# /// case
# set = "ps5"
# fails = ["slope-of-a-solution"]
# says = "it takes x first, and then a"
# names = ["arguments-exchanged"]
# ///
# %% implicit-slope
def solution_and_slope(f, f_x, f_a, a, start):
    x = newton_path(lambda x: f(a, x), lambda x: f_x(a, x), start, 50)[-1]
    return x, -f_a(a, x) / f_x(a, x)

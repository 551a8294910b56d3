# /// case
# set = "ps5"
# fails = ["slope-of-a-solution"]
# says = "without its sign"
# names = ["implicit-without-sign"]
# ///
# %% implicit-slope
def solution_and_slope(f, f_x, f_a, a, start):
    x = newton_path(lambda x: f(x, a), lambda x: f_x(x, a), start, 30)[-1]
    return x, abs(f_a(x, a) / f_x(x, a))

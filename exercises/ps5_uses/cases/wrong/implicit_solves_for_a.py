# /// case
# set = "ps5"
# fails = ["slope-of-a-solution"]
# says = "it is x that is looked for"
# ///
# %% implicit-slope
def solution_and_slope(f, f_x, f_a, a, start):
    x = newton_path(lambda b: f(start, b), lambda b: f_a(start, b), a, 60)[-1]
    return x, -f_a(x, a) / f_x(x, a)

# /// case
# set = "ps5"
# fails = ["slope-of-a-solution"]
# says = "f_a is taken at the start"
# names = ["numerator-at-start"]
# ///
# %% implicit-slope
def solution_and_slope(f, f_x, f_a, a, start):
    x = start
    for _ in range(60):
        x = x - f(x, a) / f_x(x, a)
    return x, -f_a(start, a) / f_x(x, a)

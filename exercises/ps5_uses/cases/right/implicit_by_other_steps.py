# /// case
# set = "ps5"
# fails = []
# ///
# %% implicit-slope
def solution_and_slope(f, f_x, f_a, a, start):
    x = start
    while abs(f(x, a)) > 1e-13 * (1 + abs(x)) ** 3:
        x = x - f(x, a) / f_x(x, a)
    return [x, -f_a(x, a) / f_x(x, a)]

# /// case
# set = "ps5"
# fails = ["slope-of-a-solution"]
# says = "a difference of two solutions"
# names = ["difference-of-solutions"]
# ///
# f_a is called, and what it says is not used.
# %% implicit-slope
def solution_and_slope(f, f_x, f_a, a, start):
    def solution(a):
        return newton_path(lambda x: f(x, a), lambda x: f_x(x, a), start, 50)[-1]

    f_a(start, a)
    return solution(a), (solution(a + 1e-5) - solution(a - 1e-5)) / 2e-5

# /// case
# set = "ps3"
# fails = ["trace-values", "trace-tangents", "count-operations", "count-written-out", "dual-current", "dual-tide", "transform-operations", "transform-numbers"]
# says = "NotImplementedError"
# names = []
# ///
# %% trace
def fill_trace(x1, x2, dx1, dx2):
    raise NotImplementedError()
# %% count.count_operations
def count_operations(program):
    raise NotImplementedError()
# %% count.count_written_out
def count_written_out(program):
    raise NotImplementedError()
# %% dual.dual_current
def dual_current(x1, x2, dx1, dx2):
    raise NotImplementedError()
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    raise NotImplementedError()
# %% transform
def dual_lines(name, operation, operands):
    raise NotImplementedError()

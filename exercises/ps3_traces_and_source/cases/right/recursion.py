# /// case
# set = "ps3"
# fails = []
# ///
# The formula is really written out and counted; recursion in place of a table.
# %% count.count_operations
def count_operations(program):
    n = 0
    for line in program:
        if line[1] == "=":
            continue
        n += 1
    return n
# %% count.count_written_out
def count_written_out(program):
    lines = {}
    for name, operation, operands in program:
        lines[name] = operation, operands

    def size(one):
        if one not in lines:
            return 0
        operation, operands = lines[one]
        inside = 0
        for operand in operands:
            inside += size(operand)
        return inside if operation == "=" else inside + 1

    return np.int64(size(program[-1][0]))
# %% dual.dual_current
def dual_current(x1, x2, dx1, dx2):
    value = (np.sin(x1 * x2) / x2) ** 2 - x1 * x2
    s, c = np.sin(x1 * x2), np.cos(x1 * x2)
    by_x1 = 2 * s * c / x2 - x2
    by_x2 = 2 * (s / x2) * (c * x1 / x2 - s / x2**2) - x1
    return value, by_x1 * dx1 + by_x2 * dx2
# %% dual.dual_tide
def dual_tide(x, r, n, dx, dr):
    k = 0
    while k < n:
        if k % 2:
            dx = dx + dr * r + r * dr
            x = x + r**2
        else:
            dx = np.exp(-r * x) * ((1 - r * x) * dx - x * x * dr)
            x = x * np.exp(-r * x)
        k += 1
    return [x, dx]

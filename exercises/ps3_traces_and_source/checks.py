"""What is right in problem set 3: evaluation traces, counts of operations, dual programs and their text.

Tangents are judged along directions in which both inputs move, by numbers that are not 0 or 1: a seed that is ignored
shows, and so does each lost term. Known mistakes are the same programs with one rule exchanged (`RULES`), so that
what a mistake gives is computed and not guessed. Expected derivatives of the two given programs are complex steps.
"""

import numpy as np

from autograder.checks import check

from . import backwards, formulas, inputs, mistakes

IMPORTS = ("numpy", "matplotlib")
SECONDS = 30.0
OPEN = True

# Right answers are a few dozen operations on numbers of size 1: 1e-14. Wrong ones are off by more than 1e-4 in at least
# one number, or the inputs are drawn again.
CLOSE = 1e-9


def of_the_size_of_tangents(**given):
    """What is added to the relative tolerance: tangents of 1e-160 are not lost in it."""
    return CLOSE * min(1.0, *(abs(number) for name, number in given.items() if name.startswith("d")))


def in_a_table(lines_of, right, what):
    """Make the picture of a check: the numbers found for the lines of a program, up to the first wrong one."""

    def picture(answer, **given):
        from course_lib.explore.differentiation.own_mistakes import first_wrong_row

        return first_wrong_row(lines_of(**given), answer, right(**given), what)

    return picture


# --- Part 1: the trace ------------------------------------------------------------------------------------------------


@check("trace-values", part="trace", points=1)
class TraceValues:
    """The first list of `fill_trace` holds the values of w1 to w6."""

    def inputs(rng):
        return inputs.trace_inputs(rng, formulas.trace_values, mistakes.VALUE)

    def probe(student, x1, x2, dx1, dx2):
        values, _ = student.fill_trace(x1, x2, dx1, dx2)
        return {f"w{k}": float(value) for k, value in enumerate(values, 1)}

    expected = formulas.by_name(formulas.LINES, formulas.trace_values)
    rtol = CLOSE
    atol = CLOSE
    mistakes = mistakes.all_by_name(formulas.LINES, mistakes.VALUE)
    picture = in_a_table(lambda **given: formulas.TRACE_LINES, expected, "value")
    hint = (
        "Go from top to bottom: each line reads only names that stand above it. "
        "Chapter 6, section 'One function, three ways'."
    )


@check("trace-tangents", part="trace", points=2)
class TraceTangents:
    """The second list of `fill_trace` holds the tangents of w1 to w6, along (dx1, dx2)."""

    def inputs(rng, trial):
        drawn = inputs.trace_inputs(rng, formulas.trace(formulas.RULES), mistakes.TANGENT)
        return inputs.with_tangents_of_any_size(drawn, trial)

    def probe(student, x1, x2, dx1, dx2):
        values, tangents = student.fill_trace(x1, x2, dx1, dx2)
        found = {f"dw{k}": float(tangent) for k, tangent in enumerate(tangents, 1)}
        return found | {f"w{k}": float(value) for k, value in enumerate(values, 1)}

    expected = formulas.by_name(
        [*formulas.TANGENTS, *formulas.LINES], formulas.with_right_values(formulas.trace(formulas.RULES))
    )
    accepts = formulas.wrong_tangent  # a wrong tangent of a wrong value is another mistake than one of a right value
    rtol, atol = CLOSE, of_the_size_of_tangents
    mistakes = mistakes.all_by_name([*formulas.TANGENTS, *formulas.LINES], mistakes.BOTH)
    picture = in_a_table(lambda **given: formulas.tangents_of(formulas.TRACE_LINES), expected, "tangent")
    hint = (
        "Differentiate each line by its own rule: w4 by the product rule, w5 by the quotient rule. The tangents of w1 "
        "and w2 are dx1 and dx2, as they are given. Chapter 6, section 'Source transformation'."
    )


# --- Part 2: counts ---------------------------------------------------------------------------------------------------


@check("count-operations", part="count", points=1)
class CountOperations:
    """`count_operations(program)` counts the operations, and no copies."""

    trials = 8  # each answer is one of some nine numbers

    inputs = inputs.for_count_operations

    def probe(student, program):
        return int(student.count_operations([(n, o, tuple(operands)) for n, o, operands in program]))

    expected = formulas.count
    rtol = 0.0
    atol = 0.0
    mistakes = mistakes.COUNT
    hint = "One line is one operation, unless it is a copy. Chapter 6, section 'Expression swell'."


@check("count-written-out", part="count", points=2)
class CountWrittenOut:
    """`count_written_out(program)` counts the operations of the one formula in which every name is replaced."""

    inputs = inputs.for_count_written_out

    def probe(student, program):
        return int(student.count_written_out([(n, o, tuple(operands)) for n, o, operands in program]))

    expected = formulas.written_out
    rtol = 0.0
    atol = 0.0
    mistakes = mistakes.WRITTEN
    hint = (
        "The formula of a line has one operation more than the formulas of its operands together; a copy has none "
        "more, an input or a number has none at all. An operand that stands twice is written twice. Go from the top "
        "and note for each line how many operations its formula has. "
        "Chapter 6, section 'Expression swell'."
    )


# --- Part 3: dual programs by hand ------------------------------------------------------------------------------------


def current(x1, x2):
    w3 = x1 * x2
    w5 = np.sin(w3) / x2
    return w5 * w5 - w3


def tide(x, r, n):
    for k in range(n):
        x = x * np.exp(-r * x) if k % 2 == 0 else x + r * r
    return x


def along(f, values, tangents, *others):
    """The value of f, and its derivative along the tangents: a complex step, of no size beside any of the values."""
    h, size = 1e-12, np.max(np.abs(np.divide(tangents, values)))
    moved = [v + 1j * h * v * (t / v / size) for v, t in zip(values, tangents, strict=True)]
    return {"value": float(f(*values, *others)), "tangent": float(np.imag(f(*moved, *others)) / h * size)}


@check("dual-current", part="dual", points=2)
class DualCurrent:
    """`dual_current(x1, x2, dx1, dx2)` returns the value of `current` and its derivative along (dx1, dx2)."""

    inputs = inputs.for_dual_current

    def probe(student, x1, x2, dx1, dx2):
        def watched(*numbers):
            asked.append(numbers)
            if asked != [(x1, x2)]:
                raise ValueError("`current` was called beside the point, as a difference or a complex step does")
            return original(*numbers)

        names = getattr(student.dual_current, "__globals__", {})
        original, asked = names.get("current"), []
        names["current"] = watched
        try:
            value, tangent = student.dual_current(x1, x2, dx1, dx2)
        finally:
            names["current"] = original
        return {"value": float(value), "tangent": float(tangent)}

    def expected(x1, x2, dx1, dx2):
        return along(current, (x1, x2), (dx1, dx2))

    rtol, atol = CLOSE, of_the_size_of_tangents
    mistakes = mistakes.all_by_name(formulas.VALUE_AND_TANGENT, mistakes.CURRENT_MISTAKES)
    hint = (
        "One line of tangents for each line of the program, by the rule of its operation; a name that is read twice "
        "contributes twice. Chapter 6, section 'Source transformation'."
    )


@check("dual-tide", part="dual", points=2)
class DualTide:
    """`dual_tide(x, r, n, dx, dr)` returns the value of `tide` and its derivative along (dx, dr)."""

    trials = 6

    inputs = inputs.for_dual_tide

    def probe(student, x, r, n, dx, dr):
        def watched(*numbers):
            asked.append(numbers)
            if asked != [(x, r, n)]:
                raise ValueError("`tide` was called beside the point, as a difference or a complex step does")
            return original(*numbers)

        names = getattr(student.dual_tide, "__globals__", {})
        original, asked = names.get("tide"), []
        names["tide"] = watched
        try:
            value, tangent = student.dual_tide(x, r, n, dx, dr)
        finally:
            names["tide"] = original
        return {"value": float(value), "tangent": float(tangent)}

    def expected(x, r, n, dx, dr):
        return along(tide, (x, r), (dx, dr), n)

    rtol, atol = CLOSE, of_the_size_of_tangents
    mistakes = mistakes.all_by_name(formulas.VALUE_AND_TANGENT, mistakes.TIDE)
    hint = (
        "Loop and branches stay as they are; inside them every line gets its tangent. A line that overwrites x must "
        "not come before a tangent that still needs the old x. Chapter 6, section 'Source transformation'."
    )


# --- Part 4: the transformer ------------------------------------------------------------------------------------------


def executed(student, program, x1, x2, dx1, dx2):
    """The probe: the texts are executed line by line, and give the tangents of all lines."""
    names = {"sin": np.sin, "cos": np.cos, "exp": np.exp, "log": np.log, "np": np}
    names |= {"x1": np.float64(x1), "x2": np.float64(x2), "dx1": np.float64(dx1), "dx2": np.float64(dx2)}
    for name, operation, operands in program:
        text = student.dual_lines(name, operation, tuple(operands))
        exec("\n".join([text] if isinstance(text, str) else text), names)
    return {"d" + name: float(names["d" + name]) for name, operation, operands in program}


@check("transform-operations", part="transform", points=2)
class TransformOperations:
    """`dual_lines` writes texts that compute the right tangent of each operation, here with names as operands.

    (Among the tangents are some of the size 1e160 and 1e-160: no difference survives that, and products and sums do.)
    """

    inputs = inputs.for_transform_operations

    probe = executed
    expected = formulas.transformed(formulas.RULES)
    rtol, atol = CLOSE, of_the_size_of_tangents
    mistakes = mistakes.with_rules(formulas.transformed, *formulas.EACH) | mistakes.MISSING_LINES
    picture = in_a_table(formulas.lines_of_program, expected, "tangent")
    hint = (
        "Write the line of the tangent as you would by hand, with the names put in by an f-string. "
        "Chapter 6, section 'Source transformation'."
    )


@check("transform-numbers", part="transform", points=1)
class TransformNumbers:
    """`dual_lines` also takes numbers as operands, on either side, and other names than w1, w2, ..."""

    inputs = inputs.for_transform_numbers

    probe = executed
    expected = formulas.transformed(formulas.RULES)
    rtol, atol = CLOSE, of_the_size_of_tangents
    mistakes = mistakes.NUMBER
    picture = in_a_table(formulas.lines_of_program, expected, "tangent")
    hint = (
        "The rules stay the same; the tangent of a number is the number 0, written into the text as 0.0. "
        "Chapter 6, section 'Source transformation'."
    )


# --- Part 5: a loop backwards ---------------------------------------------------------------------------------------


ReverseLoop = backwards.ReverseLoop

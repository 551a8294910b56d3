"""Problem set 4: its answers against oracles of their own, SymPy, complex steps and a count of paths."""

import itertools
import re
import sys

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from problem_set_runs import runs_of

from course_lib.autodiff import hvp, vjp

PS4 = runs_of("ps4")
CHECKS = PS4.checks
FEW = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def complex_step(f, x):
    """The derivative of f at each entry of x, an array of complex steps; f returns a number."""
    slopes = np.zeros(np.shape(x))
    for place in np.ndindex(np.shape(x)):
        moved = np.array(x, dtype=complex)
        moved[place] += 1e-30j
        slopes[place] = f(moved).imag / 1e-30
    return slopes


def same(answer, oracle):
    np.testing.assert_allclose(answer, oracle, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("id", ["product", "quotient", "power", "functions-of-one", "matrix-product", "many-matrices"])
@FEW
@given(seed=seeds)
def test_what_is_sent_back_is_the_slope_of_the_result_weighted_by_its_adjoint(id, seed):
    inputs = PS4.draws(id, seed)[0]
    names = {name: value for name, value in inputs.items() if name not in ("results", "g")}
    for text, sent in CHECKS[id].expected(**inputs).items():
        source = text.replace("a.", "np.").replace("()", "(a)") if "(" in text else text

        def weighted(source=source, **moved):
            return np.sum(inputs["g"] * eval(source, {"np": np}, names | moved))

        same(sent["value"], eval(source, {"np": np}, names))
        for operand in "ab":
            if f"to {operand}" in sent:
                same(sent[f"to {operand}"], complex_step(lambda z, o=operand: weighted(**{o: z}), names[operand]))


@pytest.mark.parametrize("id", ["sums", "taken-entries"])
@FEW
@given(seed=seeds)
def test_sums_and_taken_entries(id, seed):
    inputs = PS4.draws(id, seed)[0]
    plain = {name: value for name, value in inputs.items() if name not in ("results", "a", "scale")}
    for text, sent in CHECKS[id].expected(**inputs).items():
        # The adjoint of the result r is scale * r: what goes back is the slope of scale * sum(r^2) / 2.
        half = complex_step(lambda z, t=text: np.sum(eval(t, {}, plain | {"a": z}) ** 2) / 2, inputs["a"])
        same(sent["to a"], inputs["scale"] * half)


@FEW
@given(seed=seeds)
def test_summed_to_is_the_slope_of_broadcasting(seed):
    inputs = PS4.draws("summed-to", seed)[0]
    wanted = [(inputs["g"], shape) for shape in inputs["shapes"]] + [(inputs["cube"], s) for s in inputs["of_cube"]]
    for (g, shape), answer in zip(wanted, CHECKS["summed-to"].expected(**inputs).values(), strict=True):
        assert np.shape(answer) == tuple(shape)
        same(answer, complex_step(lambda z, g=g: np.sum(g * z), np.ones(shape)))


def symbols_of(program, values):
    names = {name: sympy.Symbol(name) for name in values}
    inputs, lines = dict(names), {}
    for line in program:
        name, text = line.split(" = ")
        names[name] = lines[name] = eval(text, {}, names)
    return inputs, lines


@pytest.mark.parametrize("id", ["one-path", "reuse", "again"])
@FEW
@given(seed=seeds)
def test_adjoints_of_inputs_are_those_of_algebra(id, seed):
    inputs = PS4.draws(id, seed)[0]
    values = {name: value for name, value in inputs.items() if name.startswith("x")}
    variables, lines = symbols_of(inputs["program"], values)
    result = lines[inputs.get("sweeps", [[*lines][-1]])[-1]]
    answer = CHECKS[id].expected(**inputs)
    at = {variables[name]: sympy.Rational(repr(value)) for name, value in values.items()}
    for name, variable in variables.items():
        exact = sympy.diff(result, variable).subs(at) * sympy.Rational(repr(inputs.get("seed", 1.0)))
        assert float(exact) == pytest.approx(float(answer[name]), rel=1e-11, abs=1e-11)


@FEW
@given(seed=seeds)
def test_adjoints_between_are_sums_over_all_paths(seed):
    """The adjoint of w is the sum, over all paths from w to the result, of the products of the partial derivatives."""
    inputs = PS4.draws("reuse", seed)[0]
    values, uses = {"x": inputs["x"]}, {"x": []}
    for line in inputs["program"]:
        name, _, a, op, b = line.split()
        u, v = values[a], values[b]
        values[name], partials = {"+": (u + v, (1, 1)), "-": (u - v, (1, -1)), "*": (u * v, (v, u))}[op]
        uses[name] = []
        for operand, partial in zip((a, b), partials, strict=True):
            uses[operand].append((name, partial))
    last = [*values][-1]

    def paths(name, uses=uses, last=last):
        return 1.0 if name == last else sum(partial * paths(user) for user, partial in uses[name])

    answer = CHECKS["reuse"].expected(**inputs)
    for name in values:
        assert float(answer[name]) == pytest.approx(paths(name), rel=1e-11, abs=1e-11)


def test_the_numbers_of_the_chapter():
    """For z = y y + y, y = x x at 2: 36, and what the wrong sweeps make of it."""
    inputs = {"x": 2.0, "program": ["y = x * x", "u = y * y", "z = u + y"]}
    reuse = CHECKS["reuse"]
    assert reuse.expected(**inputs)["x"] == 36
    assert reuse.mistakes["recursion"](**inputs)["x"] == 84
    assert reuse.mistakes["assigned"](**inputs)["x"] == 8


@FEW
@given(seed=seeds)
def test_broadcasting_is_right_and_shows_every_axis(seed):
    inputs = PS4.draws("broadcasting", seed)[0]
    values = {name: value for name, value in inputs.items() if name not in ("program", "seed")}
    answer = CHECKS["broadcasting"].expected(**inputs)

    def weighted(**moved):
        names = values | moved
        for line in inputs["program"]:
            name, text = line.split(" = ")
            names[name] = eval(text, {}, names)
        return np.sum(inputs["seed"] * names[name])

    for name in "bcs":
        assert np.shape(answer[name]) == np.shape(values[name])
        same(answer[name], complex_step(lambda z, n=name: weighted(**{n: z}), values[name]))


@FEW
@given(seed=seeds)
def test_whole_programs_by_complex_step(seed):
    class Traced(np.ndarray):
        """A complex array with the methods of a node."""

        def exp(self):
            return np.exp(self)

        def log(self):
            return np.log(self)

        def sin(self):
            return np.sin(self)

        def tanh(self):
            return np.tanh(self)

    inputs = PS4.draws("whole-programs", seed)[0]
    values = {name: value for name, value in inputs.items() if name not in ("program", "seed")}
    rows = CHECKS["whole-programs"].expected(**inputs)

    def weighted(**moved):
        names = {n: np.asarray(v, dtype=complex).view(Traced) for n, v in (values | moved).items()}
        for line in inputs["program"]:
            name, text = line.split(" = ", 1)
            names[name] = eval(text, {}, names)
        return complex(np.sum(inputs["seed"] * names[name]))

    for row, (name, value) in zip(rows, values.items(), strict=True):
        assert np.shape(row) == np.shape(value)
        np.testing.assert_allclose(row, complex_step(lambda z, n=name: weighted(**{n: z}), value), rtol=1e-9, atol=1e-9)


@FEW
@given(seed=seeds)
def test_any_valid_order_is_accepted_and_no_other(seed):
    """All orders of the nodes of a small graph: accepted are those in which each comes after its parents."""
    inputs = PS4.draws("parents-first", seed)[0]
    judge, parents = CHECKS["parents-first"].accepts, inputs["parents"]
    wanted = CHECKS["parents-first"].expected(**inputs)
    random = np.random.default_rng(seed)
    for _ in range(200):
        order = [int(k) for k in random.permutation(wanted)]
        valid = all(order.index(p) < order.index(k) for k in order for p in parents[k])
        assert (judge(order, **inputs) == "") == valid
    assert judge(wanted, **inputs) == ""
    assert "once" in judge([wanted[0], *wanted], **inputs)
    assert "missing" in judge(wanted[1:], **inputs)
    assert "no node of the graph" in judge([None, *wanted], **inputs)
    stranger = next(k for k in itertools.count() if k not in wanted)
    assert "was not made" in judge([*wanted, stranger], **inputs)


def test_path_by_path_is_named_with_its_cost():
    case = next(case for case in PS4.cases if case.name == "wrong/sweep_path_by_path")
    result = PS4.mark(CHECKS["diamonds"], case, 3)
    assert "the result is right, but the calls double with each diamond" in result.message
    assert PS4.mark(CHECKS["reuse"], case, 3).passed


def test_walking_every_path_is_told_apart_from_a_wrong_order():
    case = next(case for case in PS4.cases if case.name == "wrong/order_doubles_removed_later")
    assert PS4.mark(CHECKS["parents-first"], case, 3).passed
    assert "It walks along every path" in PS4.mark(CHECKS["order-of-diamonds"], case, 3).message


def test_a_wrong_sweep_is_shown_in_the_stepper_at_its_first_wrong_adjoint():
    case = next(case for case in PS4.cases if case.name == "wrong/sweep_assigns")
    reuse, shown = CHECKS["reuse"], 0
    for inputs in PS4.draws("reuse", 5):
        answer = PS4.answer(reuse, PS4.names_of(case.path), inputs).value
        words, stepper = reuse.picture(answer, **inputs)
        name = words.split("that of ")[1].split(":")[0]
        expected = reuse.expected(**inputs)
        order = [*expected][::-1]
        assert all(np.isclose(answer[n], expected[n]) for n in order[: order.index(name)])
        assert not np.isclose(answer[name], expected[name])
        assert stepper.values["program"].startswith(f"x = {inputs['x']}; w1 = ")
        assert stepper.widget.data["yours"][name] == answer[name]
        shown += 1
    assert shown == reuse.trials


EXHIBITS = sys.modules[CHECKS["break-it"].breaks[0].gives.__module__]
OPERANDS = st.sampled_from(["x", "y", "z", "2", "-0.5"])
LINES = st.builds("{} = {} {} {}".format, st.sampled_from("xyz"), OPERANDS, st.sampled_from("+-*"), OPERANDS)


@FEW
@given(lines=st.lists(LINES, min_size=1, max_size=6))
def test_the_right_value_of_an_exhibit_is_a_complex_step(lines):
    program = EXHIBITS.read_program(("; ".join(["x = 3", "y = -1.5", "z = 0.25", *lines]), 0)).thing
    names = {"x": 3 + 1e-30j, "y": -1.5, "z": 0.25}
    for line in lines:
        name, formula = line.split("=")
        names[name.strip()] = eval(formula, {}, names)
    assert EXHIBITS.right(program) == pytest.approx(np.imag(names[name.strip()]) / 1e-30, rel=1e-9)


def test_the_example_of_an_exhibit_is_right_and_exposes_nobody():
    (example,) = re.findall(r'"same-operand": (\("x = 3; a = 2; [^"]*", 2\))', "".join(c.source for c in PS4.set.cells))
    read = EXHIBITS.read_program(eval(example))
    assert read.size <= next(wrong.at_most for wrong in EXHIBITS.WRONG if wrong.id == "same-operand")
    values = [EXHIBITS.right(read.thing), *(wrong.gives(read.thing) for wrong in EXHIBITS.WRONG)]
    assert values == [read.stated] * 6


@FEW
@given(seed=seeds)
def test_hessian_times_vector_is_the_librarys_forward_over_reverse(seed):
    for given_ in PS4.draws("hessian-vector", seed):

        def f(x, a=given_["a"], b=given_["b"]):
            return (a * x**4).sum() + (b * x).sum() ** 3

        same(CHECKS["hessian-vector"].expected(**given_), hvp(f, given_["x"], given_["v"]))


@FEW
@given(seed=seeds)
def test_a_checkpoint_sends_back_what_the_library_does(seed):
    for given_ in PS4.draws("checkpoint", seed):

        def f(x, program=given_["program"]):
            names = {"a": x * x}
            for line in program:
                name, text = line.split(" = ")
                names[name] = eval(text, {}, names)
            return names[name] + x

        _, pullback = vjp(f, given_["x"])
        same(CHECKS["checkpoint"].expected(**given_)["adjoint of x"], pullback(given_["seed"])[0])

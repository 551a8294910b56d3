"""Each solution of the problem sets with one slip in it, made mechanically: which are caught, and what they are called.

``python tests/exercises/one_slip.py [PS ...]`` changes one sign, one operator, one number, one function's name at a
time, and marks the part. A slip that no check catches must be one that does no harm: `HARMLESS` says why. What is
printed with ``--names`` is for a person to read: whether a name fits the slip, no program can say.

Only this project's own code runs here. ps8's fits take too long for so many, and are left out.
"""

import ast
import contextlib
import copy
import io
import signal
import sys

from problem_set_runs import runs_of

SEED = 5
SECONDS = 6  # of processor time: a slip may make a loop that never ends
LEFT_OUT = {"ps8": ("fit", "judge")}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.MatMult: ast.Mult}
COMPARISONS = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.Eq: ast.NotEq, ast.In: ast.NotIn, ast.NotIn: ast.In}
NAMES = {
    "max": "min", "min": "max", "argmin": "argmax", "log": "log10", "tril": "triu", "imag": "real", "abs": "float",
    "std": "var", "reversed": "list", "sin": "cos", "cos": "sin",
}  # fmt: skip
HARMLESS = {
    ("ps4", "`reversed` becomes `list`"): "any order of the parents is topological",
    ("ps4", "`result.adjoint + seed` becomes `seed`"): "the adjoint of the result is 0 before",
    ("ps4", "`0.0` becomes `1.0`"): "given code: the negative of a node",
    ("ps4", "`a.value + b.value` becomes `a.value - b.value`"): "given code: the sum of nodes",
    ("ps4", "`a.value + b.value` becomes `a.value`"): "given code: the sum of nodes",
    ("ps4", "`sin` becomes `cos`"): "given code: the method of a node",
    ("ps4", "`log` becomes `log10`"): "given code: the method of a node",
    ("ps5", "`50` becomes `51`"): "Newton is at rest long before",
    ("ps5", "`1` becomes `2`"): "the last but one point is at rest, too",
    ("ps6", "`1000` becomes `1001`"): "a limit that is never reached",
    ("ps7", "`1` becomes `2`"): "who waits for a third entry stops in time",
    ("ps7", "`1000` becomes `1001`"): "a limit that is never reached",
    ("ps7", "`1.0` becomes `2.0`"): "its logarithm is multiplied by 0",
    ("ps9", "`counts / len(points)` becomes `counts * len(points)`"): "logits are asked for up to a constant",
    ("ps9", "`counts / len(points)` becomes `counts`"): "logits are asked for up to a constant",
    ("ps9", "`-1` becomes `1`"): "of the corners only the entries below the diagonal count",
    ("ps9", "`1` becomes `2`"): "of the corners only the entries below the diagonal count",
}


def slips(node):
    """Return what one place of a program becomes by a slip: nodes in its stead."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            other = [ast.BinOp(left, OPERATORS[type(op)](), right)] if type(op) in OPERATORS else []
            return [*other, left]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return [operand]
        case ast.Compare(left=left, ops=[op], comparators=right) if type(op) in COMPARISONS:
            return [ast.Compare(left, [COMPARISONS[type(op)]()], right)]
        case ast.Constant(value=bool() | str() | None):
            return []
        case ast.Constant(value=value):
            return [ast.Constant(value + 1)]
        case ast.Attribute(value=value, attr="T"):
            return [value]
        case ast.Attribute(value=value, attr=name, ctx=ctx) if name in NAMES:
            return [ast.Attribute(value, NAMES[name], ctx)]
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            return [ast.Name(NAMES[name], ast.Load())]
        case ast.AugAssign(target=target, value=value):
            return [ast.Assign([target], value, lineno=0)]
    return []


def named(node):
    """Return a place as a line shows it; of a function's name no more than the name."""
    return (
        node.attr if isinstance(node, ast.Attribute) and node.attr in {*NAMES, *NAMES.values()} else ast.unparse(node)
    )


def with_one_slip(source):
    """Yield the cell's text with each slip in turn, and the slip in words."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name[:3] != "__i"]
    places = [node for function in functions for line in function.body for node in ast.walk(line)]
    for place in dict.fromkeys(places):
        for slip in slips(place):
            kept = copy.copy(place.__dict__), place.__class__
            words = f"`{named(place)}` becomes `{named(slip)}`"
            place.__class__, place.__dict__ = slip.__class__, {**kept[0], **slip.__dict__}
            text = ast.unparse(ast.fix_missing_locations(tree))
            place.__dict__, place.__class__ = kept
            yield text, words


def late(*_):
    raise TimeoutError("it takes too long")


def marked(runs, part, text):
    """Return which checks of a part fail, and the ids of the mistakes that they name; or None where it never ends."""
    checks = [check for check in runs.checks.values() if check.part == part]
    for check in checks:
        runs.draws(check.id, SEED)  # once for all slips; some take long
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            names = runs.run({part: text})
            results = [runs.mark_names(check, names, SEED) for check in checks]
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    failed = [result for result in results if not result.passed]
    return [result.id for result in failed], sorted({id for result in failed for id in result.mistake_ids})


def tried(id, show):
    """Mark all slips of a set; return those that pass and may not."""
    runs, passed, counts = runs_of(id), [], [0, 0]
    parts = {check.part for check in runs.checks.values()} - {*LEFT_OUT.get(id, ())}
    for cell in runs.set.cells:
        if cell.role != "solution" or cell.grade_id not in parts:
            continue
        for text, words in with_one_slip(cell.source):
            found = marked(runs, cell.grade_id, text)
            counts[0] += 1
            if found is not None and not found[0] and (id, words) not in HARMLESS:
                passed.append(f"{id} {cell.grade_id}: {words}")
            if found is not None and found[1]:
                counts[1] += 1
                if show:
                    print(f"{id} {cell.grade_id}: {words}: {', '.join(found[1])}")
    print(f"{id}: {counts[0]} slips, {counts[1]} have a name; passed, and should not: {passed or 'none'}", flush=True)
    return passed


if __name__ == "__main__":
    signal.signal(signal.SIGVTALRM, late)
    chosen = [word for word in sys.argv[1:] if not word.startswith("-")] or [f"ps{k}" for k in range(1, 10)]
    passed = [slip for id in chosen for slip in tried(id, "--names" in sys.argv)]
    sys.exit(bool(passed))

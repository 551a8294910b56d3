"""What a pass over a recorded program does, to be looked at: the steps before it, and the steps after it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.autodiff.graph.plan import needed
from course_lib.autodiff.graph.program import RecordedProgram, Step
from course_lib.autodiff.graph.rewriting import Rewriter


def before_and_after(one_pass: Any, f: Callable[..., Any], *arguments: Any) -> None:
    """Record f on arguments, and print its steps without and with one pass over them.

    Examples
    --------
    >>> from course_lib.autodiff.graph.simplify import Shapes
    >>> before_and_after(Shapes, lambda x: np.sin(np.reshape(np.reshape(x, 6), (2, 3))), np.ones((2, 3)))
    w2 = reshape(w1, shape=(6,))
    w3 = reshape(w2, shape=(2, 3))
    w4 = sin(w3)
    becomes
    w2 = sin(w1)
    """
    program = RecordedProgram()
    try:
        result = f(*map(program.argument, arguments)).step
    finally:
        program.close()
    before, results = Rewriter(program.steps, [result]).run(lambda step: None)
    after, new_results = one_pass(before, results).simplify()
    print(*listing(needed(before, results)), "becomes", *listing(needed(after, new_results)), sep="\n")


def listing(steps: list[Step]) -> list[str]:
    """Return a line for each step that is no argument."""
    names = {step: f"w{number}" for number, step in enumerate(steps, 1)}

    def written(operand: Any) -> str:
        return names[operand] if isinstance(operand, Step) else f"{np.asarray(operand).tolist()}"

    lines = []
    for step in steps:
        if step.operation is not None:
            parameters = [f"{key}={value}" for key, value in step.parameters.items()]
            lines.append(f"{names[step]} = {step.name}({', '.join([*map(written, step.operands), *parameters])})")
    return lines

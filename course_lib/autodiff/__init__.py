"""Derivatives: by divided differences, and by automatic differentiation in forward and reverse mode.

Where to begin reading: `rules/`, the table of all derivatives; `traced.py`, what every mode shares; `overloading/`,
dual numbers for forward mode and the tape for reverse mode; `transforms.py`, what to do with them; `graph/`, programs
recorded, looked at and run again; `source/`, the same derivatives as texts; `loops/`, one step again and again.

What a user meets stands beside these wings. `differences`, derivatives from values alone, and `check`, the rules beside
them; `jacobians`, all first or second derivatives at once, and `sparsity`, where most of them are zero; `taylor`, all
orders; `vmap`, all rows; `own_rules`, what a user knows better. Below them: `structures` (tuples, dicts and dataclasses
of arrays) and `errors`. `compositions` is a name that programs written earlier import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from course_lib.autodiff.check import check_grad
from course_lib.autodiff.differences import (
    best_step,
    central_difference,
    complex_step,
    exact_step,
    forward_difference,
    rounding_error,
    truncation_error,
)
from course_lib.autodiff.errors import (
    AutodiffError,
    ChangedInPlaceError,
    ConcreteValueError,
    DestinationError,
    InputError,
    LeakedTracerError,
    LoopError,
    NoRuleError,
    NotScalarError,
    SeedError,
    SourceError,
    WrongDerivativeError,
)
from course_lib.autodiff.jacobians import hessian, jacfwd, jacobian, jacrev
from course_lib.autodiff.loops.scan import scan, while_loop
from course_lib.autodiff.overloading.dual import Dual
from course_lib.autodiff.own_rules import checkpoint, custom_derivative
from course_lib.autodiff.taylor import taylor
from course_lib.autodiff.transforms import derivative, grad, hvp, jvp, stop_gradient, value_and_grad, vjp
from course_lib.autodiff.vmap import vmap

if TYPE_CHECKING:
    from course_lib.autodiff.graph.evaluation import evaluation_trace
    from course_lib.autodiff.graph.jit import jit
    from course_lib.autodiff.graph.picture import computational_graph
    from course_lib.autodiff.source.transformation import differentiate_source

__all__ = [
    "AutodiffError",
    "ChangedInPlaceError",
    "ConcreteValueError",
    "DestinationError",
    "Dual",
    "InputError",
    "LeakedTracerError",
    "LoopError",
    "NoRuleError",
    "NotScalarError",
    "SeedError",
    "SourceError",
    "WrongDerivativeError",
    "best_step",
    "central_difference",
    "check_grad",
    "checkpoint",
    "complex_step",
    "computational_graph",
    "custom_derivative",
    "derivative",
    "differentiate_source",
    "evaluation_trace",
    "exact_step",
    "forward_difference",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jit",
    "jvp",
    "rounding_error",
    "scan",
    "stop_gradient",
    "taylor",
    "truncation_error",
    "value_and_grad",
    "vjp",
    "vmap",
    "while_loop",
]

# What records a program or writes its text is imported when it is first asked for: most programs need neither.
_WHEN_ASKED_FOR = {
    "computational_graph": "graph.picture",
    "differentiate_source": "source.transformation",
    "evaluation_trace": "graph.evaluation",
    "jit": "graph.jit",
}


def __getattr__(name: str) -> Any:
    if name not in _WHEN_ASKED_FOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_WHEN_ASKED_FOR[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

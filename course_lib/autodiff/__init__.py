"""Derivatives: by divided differences, and (chapter by chapter) by automatic differentiation."""

from course_lib.autodiff.differences import (
    best_step,
    central_difference,
    complex_step,
    forward_difference,
    rounding_error,
    truncation_error,
)

__all__ = [
    "best_step",
    "central_difference",
    "complex_step",
    "forward_difference",
    "rounding_error",
    "truncation_error",
]

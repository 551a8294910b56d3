"""What derivatives are good for: short programs on top of `course_lib.autodiff`, each a file that can be read alone.

Solve equations (`newton`), minimise (`gradient_descent`, `momentum`, `adam`, `bfgs`, `lbfgs`), fit (`least_squares`),
follow equations through time (`ode`, `stiff`), train (`network`), differentiate a solver without its iterations
(`fixed_point`), fit a mixture by its gradient (`mixture_likelihood`). Beside them: `convergence`, how fast an iteration
gains digits; `expected`, what is asked of arguments before anything is computed. The minimisers stand in `optimisers`.
"""

from course_lib.applications.convergence import observed_orders
from course_lib.applications.fixed_point import fixed_point
from course_lib.applications.least_squares import Fit, gauss_newton, levenberg_marquardt
from course_lib.applications.mixture_likelihood import (
    MixtureFit,
    fit_by_gradient_ascent,
    fit_by_lbfgs,
    mixture_log_likelihood,
)
from course_lib.applications.newton import NewtonPath, newton, newton_step
from course_lib.applications.ode import Solution, explicit_euler, implicit_euler, runge_kutta
from course_lib.applications.optimisers.adam import adam
from course_lib.applications.optimisers.bfgs import bfgs
from course_lib.applications.optimisers.descent import DescentPath
from course_lib.applications.optimisers.gradient_descent import gradient_descent
from course_lib.applications.optimisers.lbfgs import lbfgs
from course_lib.applications.optimisers.momentum import momentum
from course_lib.applications.stiff import solve_stiff

__all__ = [
    "DescentPath",
    "Fit",
    "MixtureFit",
    "NewtonPath",
    "Solution",
    "adam",
    "bfgs",
    "explicit_euler",
    "fit_by_gradient_ascent",
    "fit_by_lbfgs",
    "fixed_point",
    "gauss_newton",
    "gradient_descent",
    "implicit_euler",
    "lbfgs",
    "levenberg_marquardt",
    "mixture_log_likelihood",
    "momentum",
    "newton",
    "newton_step",
    "observed_orders",
    "runge_kutta",
    "solve_stiff",
]

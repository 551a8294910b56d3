"""What derivatives are good for: short programs on top of `course_lib.autodiff`, each a file that can be read alone.

Solve equations (`newton`), minimise (`gradient_descent`, `momentum`, `adam`, `bfgs`, `lbfgs`), fit
(`least_squares`), follow stiff equations through time (`stiff`), train (`network`), differentiate a solver
without its iterations (`fixed_point`), fit a mixture by its gradient (`mixture_likelihood`).
"""

from course_lib.applications.adam import adam
from course_lib.applications.bfgs import bfgs
from course_lib.applications.convergence import observed_orders
from course_lib.applications.descent import DescentPath
from course_lib.applications.gradient_descent import gradient_descent
from course_lib.applications.lbfgs import lbfgs
from course_lib.applications.least_squares import Fit, gauss_newton, levenberg_marquardt
from course_lib.applications.momentum import momentum
from course_lib.applications.newton import NewtonPath, newton, newton_step

__all__ = [
    "DescentPath",
    "Fit",
    "NewtonPath",
    "adam",
    "bfgs",
    "gauss_newton",
    "gradient_descent",
    "lbfgs",
    "levenberg_marquardt",
    "momentum",
    "newton",
    "newton_step",
    "observed_orders",
]

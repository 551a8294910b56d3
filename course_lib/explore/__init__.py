"""Pictures and sliders that the chapters show: one call each, with a kernel and in the built book.

They stand in `differentiation` and `mixtures`, in the order of the chapters; `cover` is the picture of the first page.
How they are made: `pictures`, how each looks; `controls`, what a reader moves; `frames`, one picture for each setting,
or `live`, a program that draws in the page; `built_page`, either of them without a kernel; `numerals`, how
numbers are written; `stopwatch`, for those that show times.
"""

from course_lib.explore.cover import cover_picture
from course_lib.explore.differentiation.basins import newton_basins
from course_lib.explore.differentiation.cancellation import cancelling_digits
from course_lib.explore.differentiation.checkpoints import checkpointing
from course_lib.explore.differentiation.divided_differences import difference_quotient_errors
from course_lib.explore.differentiation.dual_numbers import product_of_dual_numbers
from course_lib.explore.differentiation.dual_program import filling_trace
from course_lib.explore.differentiation.sparse_jacobian import jacobian_filling
from course_lib.explore.differentiation.stepper import graph_stepper
from course_lib.explore.differentiation.stiffness import stiff_oscillator
from course_lib.explore.differentiation.sweeps_crossover import forward_or_reverse
from course_lib.explore.differentiation.swell import expression_swell
from course_lib.explore.mixtures.covariance import covariance_ellipse
from course_lib.explore.mixtures.fitted import plot_mixture
from course_lib.explore.mixtures.half_steps import em_half_steps
from course_lib.explore.mixtures.lower_bound import lower_bound_of_em
from course_lib.explore.mixtures.model_choice import best_fit, mixtures_of_old_faithful
from course_lib.explore.mixtures.one_function import one_function
from course_lib.explore.mixtures.responsibilities import responsibilities_on_a_line
from course_lib.explore.mixtures.singularity import runaway_likelihood
from course_lib.explore.mixtures.surface import likelihood_surface
from course_lib.explore.pictures import use_book_style

__all__ = [
    "best_fit",
    "cancelling_digits",
    "checkpointing",
    "covariance_ellipse",
    "cover_picture",
    "difference_quotient_errors",
    "em_half_steps",
    "expression_swell",
    "filling_trace",
    "forward_or_reverse",
    "graph_stepper",
    "jacobian_filling",
    "likelihood_surface",
    "lower_bound_of_em",
    "mixtures_of_old_faithful",
    "newton_basins",
    "one_function",
    "plot_mixture",
    "product_of_dual_numbers",
    "responsibilities_on_a_line",
    "runaway_likelihood",
    "stiff_oscillator",
    "use_book_style",
]

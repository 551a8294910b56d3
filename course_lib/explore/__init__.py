"""Pictures and sliders that the chapters show: one call each, with a kernel and in the built book."""

from course_lib.explore.cover import cover_picture
from course_lib.explore.divided_differences import difference_quotient_errors
from course_lib.explore.dual_numbers import product_of_dual_numbers
from course_lib.explore.model_choice import mixtures_of_old_faithful
from course_lib.explore.pictures import use_book_style

__all__ = [
    "cover_picture",
    "difference_quotient_errors",
    "mixtures_of_old_faithful",
    "product_of_dual_numbers",
    "use_book_style",
]

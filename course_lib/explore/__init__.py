"""Pictures and sliders that the chapters show: one call each, with a kernel and in the built book."""

from course_lib.explore.covariance import covariance_ellipse
from course_lib.explore.cover import cover_picture
from course_lib.explore.divided_differences import difference_quotient_errors
from course_lib.explore.dual_numbers import product_of_dual_numbers
from course_lib.explore.pictures import use_book_style
from course_lib.explore.responsibilities import responsibilities_on_a_line

__all__ = [
    "covariance_ellipse",
    "cover_picture",
    "difference_quotient_errors",
    "product_of_dual_numbers",
    "responsibilities_on_a_line",
    "use_book_style",
]

"""Small data sets of the course, each with its source and terms.

`old_faithful`, eruptions of a geyser; `nist_strd`, problems whose answers are certified; `clusters`, drawn by
ourselves.
"""

from course_lib.datasets.clusters import narrow_beside_wide, three_overlapping_clusters, two_clusters_on_a_line
from course_lib.datasets.nist_strd import load_nist_strd
from course_lib.datasets.old_faithful import load_old_faithful

__all__ = [
    "load_nist_strd",
    "load_old_faithful",
    "narrow_beside_wide",
    "three_overlapping_clusters",
    "two_clusters_on_a_line",
]

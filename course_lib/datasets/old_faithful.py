"""Old Faithful: how long a geyser erupts, and how long one then waits.

Two clouds of points that anyone can see and no label names: the data set with which this course asks
what a mixture is, and on which two ways of fitting one meet.
"""

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


def load_old_faithful() -> NDArray[np.float64]:
    """Eruptions of the geyser Old Faithful in Yellowstone National Park.

    Returns
    -------
    ndarray, shape (272, 2)
        One row an eruption, in the order in which they happened. Column 0: how long it lasted, in
        minutes (1.6 to 5.1). Column 1: the waiting time until the next one, in whole minutes (43 to 96).

    Notes
    -----
    Terms: measurements are facts, free for anyone to use; name the source. Durations were noted in seconds, multiples
    of five more often than chance would have it, and are given in minutes to three decimals.

    References
    ----------
    Härdle: Smoothing Techniques, With Implementation in S. Springer (1991). The 272 rows are those of the table
    ``faithful`` of the language R. Azzalini and Bowman, Applied Statistics 39 (1990) 357-365, study a longer record of
    the same geyser, with 299 rows.

    Examples
    --------
    >>> X = load_old_faithful()
    >>> X.shape
    (272, 2)
    >>> X[0]
    array([ 3.6, 79. ])
    """
    text = files("course_lib.datasets").joinpath("old_faithful.csv").read_text(encoding="utf-8")
    return np.loadtxt(text.splitlines(), delimiter=",", skiprows=1)

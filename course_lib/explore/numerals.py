"""How explorables write numbers: a true minus sign, and no minus before a zero.

A gap of -1e-15 is a gap of nothing, and two decimals of it are 0.00. `fixed` of modules/drawing.mjs writes the same.
"""


def fixed(value: float, decimals: int = 2) -> str:
    """Write a number with a fixed number of decimals.

    Parameters
    ----------
    value : float
        The number.
    decimals : int
        How many digits stand behind the point.

    Returns
    -------
    str
        The number, rounded; with a minus sign only if what stands behind it is not zero.

    Examples
    --------
    >>> fixed(-1.5), fixed(-0.001), fixed(0.24, 1)
    ('−1.50', '0.00', '0.2')
    """
    return f"{value:z.{decimals}f}".replace("-", "−")

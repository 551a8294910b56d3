"""Explorable 3: why d² = 0 is enough for the product rule.

The product of two numbers is the area of a rectangle. When both sides grow in proportion to h, the area gains two
strips and a corner. Divided by h, the strips stay as they are and the corner goes away with h: the strips are the
product rule, and to say d² = 0 is to leave out the corner from the start.
"""

import matplotlib
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib.autodiff import Dual
from course_lib.explore.controls import LogSlider, Slider
from course_lib.explore.live import LiveExplorable, Words
from course_lib.explore.pictures import BLACK, ORANGE, SKY, STYLE, as_svg

A, B = 3, 2  # the values; with different ones the two strips cannot be mistaken for each other
LARGEST = 2.0  # of a tangent


def product_of_dual_numbers(embed: bool | None = None) -> LiveExplorable:
    """Show the product of two dual numbers as a rectangle that grows.

    Parameters
    ----------
    embed : bool, optional
        See `course_lib.explore.live.LiveExplorable`.

    Returns
    -------
    LiveExplorable
        Displays itself. Controls: the two tangents, and the step h.

    Examples
    --------
    >>> words, reading = product_of_dual_numbers().says(da=1.0, db=0.5, h=0.1)
    >>> reading[2]
    ('Their product, with d²', '6 + 3.50 d + 0.50 d²')
    """
    tangents = [round(0.1 * k, 1) for k in range(21)]
    return LiveExplorable(
        _says,
        _picture,
        [
            Slider("da", "Tangent a′", tangents, start=1.0, written="{:.1f}".format),
            Slider("db", "Tangent b′", tangents, start=0.5, written="{:.1f}".format),
            LogSlider("h", "Step h", [k / 10 for k in range(-30, 1)], start=0.0, written="{:.3f}".format),
        ],
        module="product_rule",
        data={"a": A, "b": B},
        embed=embed,
    )


def _says(da: float, db: float, h: float) -> Words:
    product = Dual(A, da) * Dual(B, db)
    wide, high = h * da, h * db
    upper, right, corner = A * high, B * wide, wide * high
    text = (
        f"A rectangle with sides {A} and {B}. The sides grow by {wide:.4f} and {high:.4f}. The area grows by two "
        f"strips and a corner. Divided by h, the strips are {upper / h:.2f} and {right / h:.2f}, together the tangent "
        f"{product.tangent:.2f} of the product; the corner is {corner / h:.4f}."
    )
    return text, [
        ("First number", f"{A} + {da:.2f} d"),
        ("Second number", f"{B} + {db:.2f} d"),
        ("Their product, with d²", f"{product.value:g} + {product.tangent:.2f} d + {da * db:.2f} d²"),
        ("Growth of the area / h", f"{((A + wide) * (B + high) - A * B) / h:.4f}"),
    ]


def _picture(da: float, db: float, h: float) -> str:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.6, 3.5), layout="constrained")
        area, bars = figure.subplots(1, 2, width_ratios=[1.7, 1])
    wide, high = h * da, h * db
    for corner, width, height, colour, name in [
        ((0, 0), A, B, "#F2F2F2", "a b"), ((A, 0), wide, B, ORANGE, "b · h a′"),
        ((0, B), A, high, SKY, "a · h b′"), ((A, B), wide, high, BLACK, ""),
    ]:  # fmt: skip
        area.add_patch(Rectangle(corner, width, height, facecolor=colour, edgecolor=BLACK, linewidth=0.6))
        area.text(corner[0] + width / 2, corner[1] + height / 2, name, ha="center", va="center")
    area.set(xlim=(-0.1, A + LARGEST), ylim=(-0.1, B + LARGEST), aspect="equal", title="The area")
    area.axis("off")
    gains = [A * high / h, B * wide / h, wide * high / h]
    bars.bar(["a b′", "b a′", "h a′b′"], gains, color=[SKY, ORANGE, BLACK], edgecolor=BLACK, linewidth=0.6, width=0.64)
    bars.set(title="Gained, over h", ylim=(0, LARGEST * A * 1.1))
    bars.grid(False)
    return as_svg(figure)

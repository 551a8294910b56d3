"""The checks of a tiny course of another subject: what the autograder's own tests mark."""

import math

from autograder.checks import check

OPEN = True


@check("circle-area", part="area", points=2)
class CircleArea:
    """The area of a circle is pi times the square of its radius."""

    trials = 3

    def inputs(rng):
        return {"radius": float(rng.uniform(2, 9))}

    def probe(student, radius):
        return student.area(radius)

    def expected(radius):
        return math.pi * radius**2

    mistakes = {
        "the circumference in place of the area": lambda radius: 2 * math.pi * radius,
        "a radius that is not squared": lambda radius: math.pi * radius,
    }
    hint = "Chapter 0: twice the radius, four times the area."


@check("ring-area", part="ring", points=3, needs=["area"])
class RingArea:
    """The area of a ring is the outer circle's less the inner circle's."""

    trials = 4
    partial = True

    def inputs(rng):
        inner = float(rng.uniform(2, 5))
        return {"inner": inner, "outer": inner + float(rng.uniform(1, 4))}

    def probe(student, inner, outer):
        return student.ring_area(inner, outer)

    def expected(inner, outer):
        return math.pi * (outer + inner) * (outer - inner)

    mistakes = {"the circles the wrong way round": lambda inner, outer: math.pi * (inner**2 - outer**2)}
    hint = "Chapter 0: draw both circles and colour what lies between them."

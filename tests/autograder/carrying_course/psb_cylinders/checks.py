"""The checks of a set that builds on code of another one: what `autograder carry` is tested with."""

import math

from autograder.checks import check


@check("pipe-volume", part="volume", points=2, needs=["own-areas"])
class PipeVolume:
    """The volume of a pipe's wall is the area of its ring times its height."""

    def inputs(rng):
        inner = float(rng.uniform(2, 5))
        return {"inner": inner, "outer": inner + float(rng.uniform(1, 4)), "height": float(rng.uniform(2, 9))}

    def probe(student, inner, outer, height):
        return student.pipe_volume(inner, outer, height)

    def expected(inner, outer, height):
        return math.pi * (outer + inner) * (outer - inner) * height

    hint = "Chapter 0: slice the pipe."

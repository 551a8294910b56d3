"""NumPy itself: ours needs no wrapped copy of it."""

import sys

import numpy
from numpy import *  # noqa: F403
from numpy import abs, all, any, max, min, round, sum  # noqa: F401

linalg, random, fft = numpy.linalg, numpy.random, numpy.fft
for _name in ("linalg", "random", "fft"):
    sys.modules[f"{__name__}.{_name}"] = getattr(numpy, _name)


def __getattr__(name):
    return getattr(numpy, name)

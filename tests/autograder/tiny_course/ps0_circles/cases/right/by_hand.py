# /// case
# set = "ps0"
# fails = []
# ///
# %% area
from math import pi
area = lambda r: pi * r * r
# %% ring
def ring_area(inner, outer):
    return pi * (outer**2 - inner**2)

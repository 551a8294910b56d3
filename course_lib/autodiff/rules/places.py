"""Places: where the entries that an index takes come from, and how a cotangent finds the way back to them.

An index of slices names each entry once, and zeros with a slice filled in are its transpose. An index of arrays may
name an entry twice, which then gets both cotangents.
"""

import math
import threading
from typing import Any

import numpy as np

from course_lib.autodiff.rules.forms import Linear, Rule, general, linear


def is_basic(index: Any) -> bool:
    """Say whether an index is of integers, slices, None and ... only: then no entry is taken twice."""
    members = index if isinstance(index, tuple) else (index,)
    return all(isinstance(i, _BASIC) and not isinstance(i, bool) for i in members)


_BASIC = (slice, int, np.integer, type(None), type(Ellipsis))


def places(shape: tuple[int, ...], index: Any) -> Any:
    """Return where, in the flattened array, the indexed entries come from."""
    return np.arange(int(np.prod(shape))).reshape(shape)[index]


def scattered(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Return zeros, with g added at an index; an entry that is named twice gets both."""
    g = np.asarray(g)
    if is_basic(index):
        zeros = np.zeros(shape, g.dtype)
        zeros[index] = g
        return zeros
    where_from = known_places(shape, index)
    g = np.broadcast_to(g, where_from.shape)
    sums = np.bincount(where_from.ravel(), g.ravel(), math.prod(shape))
    return sums.reshape(shape).astype(g.dtype, copy=False)


def known_places(shape: tuple[int, ...], index: Any) -> Any:
    """Return `places` from before, if they were among the last few: a program uses the same index again and again."""
    members = index if isinstance(index, tuple) else (index,)
    key = (shape, tuple([(m.shape, m.dtype.str, m.tobytes()) if type(m) is np.ndarray else repr(m) for m in members]))
    with _ONE_AT_A_TIME:
        if key not in _KNOWN_PLACES:
            while len(_KNOWN_PLACES) >= 8:
                del _KNOWN_PLACES[next(iter(_KNOWN_PLACES))]
            _KNOWN_PLACES[key] = places(shape, index)
        return _KNOWN_PLACES[key]


_KNOWN_PLACES: dict[Any, Any] = {}
_ONE_AT_A_TIME = threading.Lock()


def taken_many(t: Any, index: Any) -> Any:
    """Take the same entries of each of a stack."""
    if is_basic(index):
        return t[(slice(None), *(index if isinstance(index, tuple) else (index,)))]
    where_from = places(t.shape[1:], index)
    return np.reshape(t, (t.shape[0], -1))[:, where_from]


def put_many(t: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Put the entries of each of a stack at the same index."""
    if is_basic(index):
        whole = (slice(None), *(index if isinstance(index, tuple) else (index,)))
        return put(t, index=whole, shape=(t.shape[0], *shape))
    flat = (slice(None), places(shape, index))
    whole_shape = (t.shape[0], int(np.prod(shape)))
    return np.reshape(put(t, index=flat, shape=whole_shape), (t.shape[0], *shape))


class Taken(Linear):
    """Indexing; its transpose need not make an array of zeros if there is already one to add to."""

    makes_new = True

    def add_into(self, cotangent: Any, g: Any, parameters: dict[str, Any]) -> bool:
        """Add to the entries that were taken, if none was taken twice."""
        if not is_basic(parameters["index"]):
            return False
        cotangent[parameters["index"]] += g
        return True


put: Linear = linear(
    "put",
    scattered,
    transpose=lambda g, x, index, shape: g[index],
    many=put_many,
)


def add_at(x: Any, g: Any, index: Any, sign: str) -> Any:
    """Return x with g added to, or subtracted from, some of its entries."""
    y = np.array(x)
    y[index] += -g if sign == "-" else g
    return y


# Programs that jit has simplified add and subtract slices in place; nobody differentiates them.
added_at = Rule("add at", add_at)

# Places that the program itself computes, by np.argsort or np.argmax, are an operand if `jit` records them.
BY_OPERAND = "places by an operand"
indexed_places = Rule(
    "places",
    lambda *arrays, shape, index: places(
        shape, tuple(np.asarray(arrays[i[1]]) if type(i) is tuple and i[0] == BY_OPERAND else i for i in index)
    ),
)
gather: Rule = general(
    "gather",
    lambda x, where_from: x[..., where_from],
    forward=(lambda t, y, x, where_from: gather(t, where_from), None),
    reverse=(lambda g, y, x, where_from: scatter(g, where_from, size=x.shape[-1]), None),
)


def scattered_rows(g: Any, where_from: Any, size: int) -> Any:
    """Add entries at places of a last axis, for each of a stack."""
    stack = np.shape(g)[: np.ndim(g) - np.ndim(where_from)]
    rows = np.reshape(g, (math.prod(stack), np.size(where_from)))
    sums = [np.bincount(np.ravel(where_from), row, size) for row in rows]
    return np.reshape(np.array(sums), (*stack, size))


scatter: Rule = general(
    "scatter",
    scattered_rows,
    forward=(lambda t, y, g, where_from, size: scatter(t, where_from, size=size), None),
    reverse=(lambda h, y, g, where_from, size: gather(h, where_from), None),
)
gather.linear_first = scatter.linear_first = True

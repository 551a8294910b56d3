"""Saved arrays stay as they are: guards the constants that a tape needs until its sweep has read them.

The tape keeps references, not copies: a matrix that is multiplied a thousand times is stored once. If the
program overwrote it before the reverse sweep, the gradient would be that of another program, and nothing
would say so. While the program is recorded, such an array is therefore read-only; NumPy refuses the line
that writes. What NumPy could not make writable again, such as memory that another library lent, is copied.
A pullback, which lives on after the recording, makes sure that the arrays still are what they were.

An array may be wanted by several tapes, and these by several threads. So one register, under one lock, counts
how many want it; with the last of them it is as it was before.

What cannot be seen is a change through another view of the same memory that existed before.
"""

import contextlib
import threading
from typing import Any

import numpy as np

from course_lib.autodiff.errors import ChangedInPlaceError

# Arrays that are read-only on our behalf, and how many guards want them so. The key is the array's identity.
_LOCKED: dict[int, tuple[Any, int]] = {}
# Arrays that no guard wants any more, but whose owner is still read-only for another guard.
_WAITING: dict[int, Any] = {}
_REGISTER = threading.Lock()

WORDS = (
    "An array that the derivative needs was changed in place after an operation with traced values had used it. The "
    "reverse sweep reads it again and would give the gradient of another program. Make a new array instead "
    "(c = c + 1 for c += 1), or let the operation use a copy (x * c.copy())."
)


def owners_of(array: Any) -> list[Any]:
    """Return an array, the one whose view it is, and so on to the one that owns the memory or borrowed it."""
    owners = [array]
    while isinstance(owners[-1].base, np.ndarray):
        owners.append(owners[-1].base)
    return owners


def _free(arrays: dict[int, Any]) -> dict[int, Any]:
    """Make arrays writable that nobody wants read-only any more, owners before views; return those that must wait."""
    waiting = {}
    for array in sorted(arrays.values(), key=lambda array: len(owners_of(array))):
        if id(array) not in _LOCKED or _LOCKED[id(array)][1]:
            continue
        owners = owners_of(array)[1:]
        if owners and not any(owner.flags.writeable for owner in owners):
            waiting[id(array)] = array
            continue
        with contextlib.suppress(ValueError):  # somebody froze the owner meanwhile
            array.flags.writeable = True
        del _LOCKED[id(array)]
    return waiting


class Guard:
    """The arrays that one tape has saved."""

    def __init__(self) -> None:
        self.kept: dict[int, tuple[Any, Any]] = {}  # each array, and what is kept in its place: itself, or a copy
        self.locked: list[Any] = []
        self.prints: list[tuple[Any, bytes]] = []

    def protect(self, array: Any) -> Any:
        """Return what the tape may keep: the array, from now on read-only as its owners are, or a copy."""
        known = self.kept.get(id(array))
        if known is not None:
            return known[1]
        owners = owners_of(array)
        with _REGISTER:
            open_ones = [owner for owner in owners if owner.flags.writeable or id(owner) in _LOCKED]
            can_be_freed = owners[-1].flags.owndata and bool(open_ones) and open_ones[-1] is owners[-1]
            if can_be_freed:
                for owner in open_ones:
                    _, count = _LOCKED.get(id(owner), (owner, 0))
                    owner.flags.writeable = False
                    _LOCKED[id(owner)] = (owner, count + 1)
                    self.locked.append(owner)
        kept = array.copy() if open_ones and not can_be_freed else array
        self.kept[id(array)] = array, kept
        return kept

    def forget(self) -> None:
        """Release what was protected so far, and keep no eye on it."""
        self.release()
        self.kept.clear()

    def protect_all(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return parameters whose arrays, those of an index, are protected."""
        return {name: self._protected(value) for name, value in parameters.items()}

    def _protected(self, value: Any) -> Any:
        if type(value) is tuple:
            return tuple(map(self._protected, value))
        return self.protect(value) if type(value) is np.ndarray else value

    def release(self) -> None:
        """Make the arrays writable again, as far as no other guard wants them read-only."""
        with _REGISTER:
            for array in self.locked:
                _LOCKED[id(array)] = (array, _LOCKED[id(array)][1] - 1)
            waiting = _free({**_WAITING, **{id(array): array for array in self.locked}})
            _WAITING.clear()
            _WAITING.update(waiting)
        self.locked.clear()

    def remember(self) -> None:
        """Remember what the arrays hold, before they are released."""
        self.prints = [(array, fingerprint(array)) for array, kept in self.kept.values() if kept is array]

    def compare(self) -> None:
        """Raise `ChangedInPlaceError` if an array does not hold any more what it held."""
        for array, before in self.prints:
            if fingerprint(array) != before:
                raise ChangedInPlaceError(WORDS)

    def explain(self, error: ValueError) -> None:
        """Raise our own error in place of NumPy's, if a write to a guarded array was what it refused."""
        if self.locked and "read-only" in str(error):
            raise ChangedInPlaceError(WORDS) from error


# --- What an array holds, in a few bytes -----------------------------------------------------------------

SMALL = 2**14  # bytes, up to which an array is kept whole
# Odd numbers have an inverse modulo 2**64: one word that changes always changes the sum, and several by all chances.
_WEIGHTS = 2 * np.random.default_rng(1).integers(0, 2**63, 512, dtype=np.uint64) + 1


def fingerprint(array: Any) -> bytes:
    """Return bytes that are others if the array is: its own if it is small, else weighted sums of its words."""
    if array.nbytes <= SMALL:
        return array.tobytes()
    array = np.ascontiguousarray(array.T if array.flags.f_contiguous else array)
    raw = array.reshape(-1).view(np.uint8)
    row = _WEIGHTS.nbytes
    whole = len(raw) - len(raw) % row
    words = raw[:whole].view(np.uint64).reshape(-1, len(_WEIGHTS))
    return np.einsum("ij,j->i", words, _WEIGHTS).tobytes() + raw[whole:].tobytes()

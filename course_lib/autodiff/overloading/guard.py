"""Saved arrays stay as they are: guards the constants that a tape needs until its sweep has read them.

The tape keeps references, not copies: a matrix that is multiplied a thousand times is stored once. If the
program overwrote it before the reverse sweep, the gradient would be that of another program, and nothing
would say so. While the program is recorded, such an array is therefore read-only; NumPy refuses the line
that writes. A pullback, which lives on after the recording, compares with copies instead.

What cannot be seen is a change through another view of the same memory that existed before.
"""

from typing import Any

import numpy as np

from course_lib.autodiff.errors import ChangedInPlaceError

# Arrays that are read-only on our behalf, and how many guards want them so. The key is the array's identity.
_LOCKED: dict[int, tuple[Any, int]] = {}

# Arrays that no guard wants any more, but whose owner is still read-only for another guard.
_WAITING: list[Any] = []

WORDS = (
    "An array that the derivative needs was changed in place after an operation with traced values had used it. The "
    "reverse sweep reads it again and would give the gradient of another program. Make a new array instead "
    "(c = c + 1 for c += 1), or let the operation use a copy (x * c.copy())."
)


def depth(array: Any) -> int:
    """Return how many arrays lie between an array and its memory."""
    return 1 + depth(array.base) if isinstance(array.base, np.ndarray) else 0


def _freed(array: Any) -> bool:
    """Make an array writable if nothing speaks against it; say whether it need not wait."""
    _, count = _LOCKED.get(id(array), (array, 1))
    if count:
        return True
    if isinstance(array.base, np.ndarray) and id(array.base) in _LOCKED:
        return False
    array.flags.writeable = True
    del _LOCKED[id(array)]
    return True


class Guard:
    """The arrays that one tape has saved."""

    def __init__(self) -> None:
        self.saved: dict[int, Any] = {}
        self.locked: list[Any] = []
        self.copies: list[tuple[Any, Any]] = []

    def protect(self, array: Any) -> None:
        """Make an array read-only, and the array whose view it is."""
        if id(array) in self.saved:
            return
        self.saved[id(array)] = array
        owners = [array]
        while isinstance(owners[-1].base, np.ndarray):
            owners.append(owners[-1].base)
        if all(owner.flags.writeable or id(owner) in _LOCKED for owner in owners):
            for owner in owners:
                _, count = _LOCKED.get(id(owner), (owner, 0))
                owner.flags.writeable = False
                _LOCKED[id(owner)] = (owner, count + 1)
                self.locked.append(owner)

    def release(self) -> None:
        """Make the arrays writable again, as far as no other guard wants them read-only."""
        for array in self.locked:
            _LOCKED[id(array)] = (array, _LOCKED[id(array)][1] - 1)
        _WAITING.extend(self.locked)
        self.locked.clear()
        # The owner of memory must be writable before its views can be.
        _WAITING.sort(key=depth)
        waiting = [array for array in _WAITING if not _freed(array)]
        _WAITING[:] = waiting

    def copy(self) -> None:
        """Release the arrays, and keep copies to compare with."""
        self.release()
        self.copies = [(array, array.copy()) for array in self.saved.values()]

    def compare(self) -> None:
        """Raise `ChangedInPlaceError` if an array is no longer what its copy says."""
        for array, copy in self.copies:
            if not np.array_equal(array, copy, equal_nan=array.dtype.kind == "f"):
                raise ChangedInPlaceError(WORDS)

    def explain(self, error: ValueError) -> None:
        """Raise our own error in place of NumPy's, if a write to a guarded array was what it refused."""
        if self.locked and "read-only" in str(error):
            raise ChangedInPlaceError(WORDS) from error

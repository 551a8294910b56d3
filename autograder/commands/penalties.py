"""Late penalties, computed anew by each command that tells marks: what moves is said, and has its line in the log."""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape

from autograder.terminal import console


def refresh(url: str, id: str, course: Path) -> None:
    """Compute the late penalties of a set anew, from score, day and extension as they are; say and log what changes."""
    from autograder.record.late import refresh_penalties
    from autograder.record.regrade import log_penalties

    moved = refresh_penalties(url, id, course)
    for student, (old, new) in moved.items():
        why = "by the score, the day and the extension as they are now"
        console.print(
            f"[yellow]{escape(f'{student}, {id}: late penalty {old:g} -> {new:g}, {why}')}[/]", soft_wrap=True
        )
    log_penalties(course, id, moved)

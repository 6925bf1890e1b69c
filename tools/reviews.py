"""Which items of the content were compared with their sources too long ago."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from wrist import crosscheck
from wrist.library import Library

EVERY = timedelta(days=365)  # as hazard HZ11 has it


class Review(NamedTuple):
    """An item, the day on which it was last compared, and the day of the next time."""

    item: str
    last: date
    next: date


def reviews(content: Library) -> list[Review]:
    """Of every item, the one that waits for longest first."""
    found = sorted((last, item) for item, last in crosscheck.reviewed(content))
    return [Review(item, last, last + EVERY) for last, item in found]


def due(content: Library, today: date) -> list[Review]:
    """Those whose day has come."""
    return [one for one in reviews(content) if one.next <= today]


def in_a_line(content: Library, today: date) -> str:
    """How many are due, or when the first of them will be."""
    every, late = reviews(content), due(content, today)
    if late:
        return f"{len(late)} of {len(every)} items are due for review"
    first = f", the first on {every[0].next}" if every else ""
    return f"None of {len(every)} items is due for review{first}"

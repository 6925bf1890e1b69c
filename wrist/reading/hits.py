"""What was found in the words, before and after its status is known."""

from collections.abc import Iterable
from typing import NamedTuple

from wrist.models import Assertion


class Hit(NamedTuple):
    """A finding in the words, before its status is known.

    `start` and `end` are all its words, `key` and `key_end` the word that is denied
    or affirmed.
    """

    id: str
    start: int
    end: int
    key: int
    key_end: int
    kind: str = "said"  # or denied, other, over, doubted, for_life, alone
    mine: bool = False
    asked: bool = False
    lasting: bool = False
    even_if_gone: bool = False


class Judged(NamedTuple):
    hit: Hit
    status: Assertion
    person: str | None
    clause_start: int
    clause_end: int
    joined_to: int


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of several hits for one finding that overlap, the longest."""
    kept: list[Hit] = []
    by_id: dict[str, list[Hit]] = {}
    ordered = sorted(set(hits), key=lambda h: (h.start - h.end, h.start, h.kind))
    for hit in ordered:
        others = by_id.setdefault(hit.id, [])
        if all(hit.end <= o.start or o.end <= hit.start for o in others):
            others.append(hit)
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.start, h.end, h.id))

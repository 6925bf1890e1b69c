"""From probabilities to findings: sure, half sure, whose (pure).

probability    0 ......... ask ......... sure ......... 1
               nothing     `uncertain`   `present`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from addons.nlu.clauses import Clause
from wrist import library
from wrist.findings import LIKENESS, Doubt, Finding
from wrist.models import Assertion, Disposition
from wrist.others import PRONOUN

TALKED_OF = Assertion.OTHER_PERSON.value
MINE = (Assertion.PRESENT.value, Assertion.UNCERTAIN.value)


class Bands(NamedTuple):
    """Bounds of probability; found on the half of the held-out sentences for that."""

    ask: float = 0.1
    sure: float = 0.7
    sure_of_mild: float = 0.5  # a flag that is no reason to be seen today is not asked
    doubt: float = 0.3  # of any flag: below it, what only rules found is doubted
    strong_doubt: float = 0.01


def findings(
    passages: Sequence[Clause],
    odds: np.ndarray,
    flags: Sequence[str],
    bands: Bands,
    known: Sequence[Mapping[str, Any]],
    reading: Mapping[str, Any],
) -> list[Finding]:
    """What the passages sound like; `odds` has a row for each and a column a flag."""
    found = []
    least = min(bands.ask, bands.sure_of_mild)
    for column in np.flatnonzero(odds.max(axis=0) >= least):
        row = int(odds[:, column].argmax())
        status = _status(flags[column], float(odds[row, column]), bands)
        if status is not None:
            found.append(_finding(flags[column], status, passages[row], known, reading))
    return found


def with_doubts(
    passages: Sequence[Clause],
    odds: np.ndarray,
    bands: Bands,
    known: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """The findings by rules, each with the doubt that its passage leaves."""
    danger = odds.max(axis=1)
    weighed = []
    for one in known:
        inside = [
            probability
            for passage, probability in zip(passages, danger.tolist(), strict=True)
            if passage.start <= one["start"] < passage.end
        ]
        doubt = _doubt(max(inside, default=1.0), bands)
        weighed.append({**one, "doubt": doubt.value} if doubt else dict(one))
    return weighed


def _doubt(probability: float, bands: Bands) -> Doubt | None:
    if probability < bands.strong_doubt:
        return Doubt.STRONG
    return Doubt.SLIGHT if probability < bands.doubt else None


def _status(flag: str, probability: float, bands: Bands) -> Assertion | None:
    level = library.default().red_flags[flag].level
    if not level.at_least(Disposition.SAME_DAY):
        return Assertion.PRESENT if probability >= bands.sure_of_mild else None
    if probability >= bands.sure:
        return Assertion.PRESENT
    return Assertion.UNCERTAIN if probability >= bands.ask else None


def _finding(
    flag: str,
    status: Assertion,
    passage: Clause,
    known: Sequence[Mapping[str, Any]],
    reading: Mapping[str, Any],
) -> Finding:
    person = _person(passage, known, reading)
    if person is not None:
        status = Assertion.OTHER_PERSON
    return Finding(
        id=flag,
        status=status,
        text=passage.text,
        start=passage.start,
        end=passage.end,
        person=person,
        by=LIKENESS,
    )


def _person(
    passage: Clause, known: Sequence[Mapping[str, Any]], reading: Mapping[str, Any]
) -> str | None:
    """Whose it is: somebody else's where the rules found only others' findings there,
    or where the message speaks of another and never of its writer.
    """
    inside = [one for one in known if passage.start <= one["start"] < passage.end]
    others = [one.get("person") for one in inside if one["status"] == TALKED_OF]
    mine = any(one["status"] in MINE for one in inside)
    alone = reading.get("names_other") and not reading.get("names_writer")
    if (others and not mine) or (alone and not mine):
        named = [one for one in others if one]
        return named[-1] if named else PRONOUN
    return None

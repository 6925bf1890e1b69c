"""From probabilities to findings: sure, half sure, whose (pure).

probability    0 ......... ask ......... sure ......... 1
               nothing     `uncertain`   `present`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from addons.nlu.clauses import Clause
from wrist import library, rules
from wrist.findings import LIKENESS, TALK, Doubt, Finding
from wrist.models import Assertion, Disposition
from wrist.models_safety import closure
from wrist.others import PRONOUN
from wrist.triage import PERSONAL

TALKED_OF = Assertion.OTHER_PERSON.value
SUPPOSED = Assertion.HYPOTHETICAL.value
DENIED = {Assertion.ABSENT.value, Assertion.PAST.value}
# Their absence denies no flag: "no injury, and my hand is cold and blue".
VAGUE = frozenset(
    {
        "injury",
        "fall",
        "pain",
        "swelling",
        "fever",
        "any_ill",
        "unwell",
        "recent_injury",
    }
    | {"sudden_onset", "since_today", "getting_worse", "improving", "long_standing"}
)
MINE = (Assertion.PRESENT.value, Assertion.UNCERTAIN.value)


class Bands(NamedTuple):
    """Bounds of probability; found on the half of the held-out sentences for that."""

    ask: float = 0.1
    sure: float = 0.4
    sure_of_crisis: float = 0.8  # a hint is asked about: a kind question harms nobody
    sure_of_mild: float = 0.6  # a flag that is no reason to be seen today is not asked
    fewest_words: int = 4  # it was taught sentences, and the rules know single words
    beside: float = 0.75  # of the likeliest: what is less likely is only like it
    very_sure: float = 0.9  # in the middle of a talk nothing less counts
    doubt: float = 0.1  # of any flag: below it, what only rules found is doubted
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
        if _is_only_like_another(column, odds.max(axis=0), flags, bands):
            continue
        status = _status(flags[column], float(odds[row, column]), bands)
        if status and _is_denied(flags[column], passages[row], known):
            status = _after_denial(flags[column], status)
        if status is not None:
            one = _finding(flags[column], status, passages[row], known, reading)
            doubt = Doubt.SLIGHT if odds[row, column] < bands.very_sure else None
            found.append(one.copy(update={"doubt": doubt}))
    return found


def _is_only_like_another(
    column: int, odds: np.ndarray, flags: Sequence[str], bands: Bands
) -> bool:
    """Whether another flag is far likelier, and leads to help at least as fast.

    A milder flag, however likely, never hides a more urgent one; nothing a crisis.
    """
    levels = [library.default().red_flags[flag].level for flag in flags]
    own = levels[column]
    if own in PERSONAL or odds[column] >= bands.very_sure:
        return False
    rivals = [p for p, level in zip(odds, levels, strict=True) if level.at_least(own)]
    return bool(odds[column] < bands.beside * max(rivals))


def _is_denied(flag: str, passage: Clause, known: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rules found what the flag is made of, and all of it denied or over; or
    whether all that they found is only supposed.
    """
    made_of = _made_of(flag)
    inside = [one for one in known if passage.start <= one["start"] < passage.end]
    own = {one["status"] for one in inside if one["id"] in made_of}
    every = {one["status"] for one in inside if one["id"] not in TALK}
    # "What if it swells after a fall?": nothing in it is said to be so.
    supposed = SUPPOSED in every
    return bool(own and own <= DENIED) or (supposed and every <= {*DENIED, SUPPOSED})


def _after_denial(flag: str, status: Assertion) -> Assertion | None:
    """What is left where the words deny what the passage sounds like.

    It may be so all the same: "it is not that i cannot move it, i really cannot".
    """
    level = library.default().red_flags[flag].level
    if level in PERSONAL:
        return Assertion.UNCERTAIN
    sure = status is Assertion.PRESENT and level.at_least(Disposition.SAME_DAY)
    return Assertion.UNCERTAIN if sure else None


@cache
def _made_of(flag: str) -> frozenset[str]:
    """The findings that fire a flag, and those that imply one of them."""
    content = library.default()
    named = rules.findings_of(content.red_flags[flag]) - content.lasting - VAGUE
    graver = {one: (other,) for one, other in content.triage.suggests.items()}
    brings = {**graver, **content.triage.implies}
    return frozenset(
        one
        for one in (*content.triage.implies, *content.triage.suggests, *named)
        if closure([one], brings) & named and one not in VAGUE
    )


def _is_urgent(flag: str) -> bool:
    return library.default().red_flags[flag].level.at_least(Disposition.SAME_DAY)


def with_doubts(
    passages: Sequence[Clause],
    odds: np.ndarray,
    bands: Bands,
    known: Sequence[Mapping[str, Any]],
    alone: Callable[[Sequence[Mapping[str, Any]]], Sequence[float]],
) -> list[dict[str, Any]]:
    """The findings by rules, each with the doubt that its passage leaves.

    `alone` tells how much like danger the sentence of each of some findings is by
    itself: only where that too sounds of nothing is the doubt a strong one.
    """
    danger = odds.max(axis=1).tolist()
    weighed, silenced = [], []
    for one in known:
        inside = [
            probability
            for passage, probability in zip(passages, danger, strict=True)
            if passage.start <= one["start"] < passage.end
        ]
        doubt = _doubt(max(inside, default=1.0), bands)
        weighed.append({**one, "doubt": doubt.value} if doubt else dict(one))
        silenced += [weighed[-1]] if doubt is Doubt.STRONG else []
    for one, probability in zip(silenced, alone(silenced), strict=True):
        if probability >= bands.strong_doubt:
            one["doubt"] = Doubt.SLIGHT.value
    return weighed


def _doubt(probability: float, bands: Bands) -> Doubt | None:
    if probability < bands.strong_doubt:
        return Doubt.STRONG
    return Doubt.SLIGHT if probability < bands.doubt else None


def _status(flag: str, probability: float, bands: Bands) -> Assertion | None:
    if not _is_urgent(flag):
        return Assertion.PRESENT if probability >= bands.sure_of_mild else None
    personal = library.default().red_flags[flag].level in PERSONAL
    if probability >= (bands.sure_of_crisis if personal else bands.sure):
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

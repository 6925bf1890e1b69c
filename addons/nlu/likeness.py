"""From probabilities to findings: sure, half sure, whose (pure).

probability    0 ......... ask ......... sure ......... 1
               nothing     `uncertain`   `present`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit, logit

from addons.nlu.clauses import Clause
from addons.nlu.flag_model import Odds
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
EMERGENCIES = tuple(
    level for level in Disposition if level.at_least(Disposition.EMERGENCY_DEPARTMENT)
)
MINE = (Assertion.PRESENT.value, Assertion.UNCERTAIN.value)
NEAR = 0.7  # below 1: what is not likeliest may be meant as well


class Bands(NamedTuple):
    """Bounds of probability; found on the half of the held-out sentences for that."""

    ask: float = 0.12  # a flag that is no reason to be seen today is not asked about
    ask_of_crisis: float = 0.08  # a kind question harms nobody
    sure: float = 0.7
    sure_of_crisis: float = 0.15  # its card offers somebody to talk to, and no alarm
    fewest_words: int = 4  # it was taught sentences, and the rules know single words
    share_of_danger: float = 0.6  # of any at all, beside the likeliest flag
    beside: float = 0.75  # of what the likeliest may be: less is only like it
    very_sure: float = 0.9  # of the flag itself: in the middle of a talk less is none
    doubt: float = 0.6  # of any danger: below it, what only rules found is doubted
    strong_doubt: float = 0.2
    strong_doubt_of_crisis: float = 0.05
    danger_alone: float = 0.7  # of an emergency's sentence: from here on none is strong


class Meant(NamedTuple):
    """How likely each flag is meant: a row for each passage, a column a flag."""

    is_so: np.ndarray
    may_be: np.ndarray


def in_light_of(danger: np.ndarray, flags: np.ndarray, share: float) -> Meant:
    """How likely each flag is meant, where it is known how likely any danger is.

    `danger` has a probability for each passage, `flags` a row for each and a column a
    flag. The likeliest flag stands between the two, `share` of the way to danger. The
    others keep their proportion to it: danger lifts what it is, and nothing that it is
    not. What it may be counts for more, the proportion to the power of NEAR: where
    several may be meant, the more urgent ones are asked about.
    """
    likeliest = flags.max(axis=1, keepdims=True)
    between = expit(share * logit(danger)[:, None] + (1 - share) * logit(likeliest))
    proportion = flags / likeliest
    return Meant(proportion * between, proportion**NEAR * between)


def findings(
    passages: Sequence[Clause],
    odds: Odds,
    flags: Sequence[str],
    bands: Bands,
    known: Sequence[Mapping[str, Any]],
    reading: Mapping[str, Any],
) -> list[Finding]:
    """What the passages sound like, each by its row of `odds`."""
    found = []
    meant = in_light_of(odds.danger, odds.flags, bands.share_of_danger)
    likeliest = meant.may_be.max(axis=0)
    least = min(bands.ask, bands.ask_of_crisis)
    for column in np.flatnonzero(likeliest >= least):
        row = int(meant.may_be[:, column].argmax())
        if _is_only_like_another(column, likeliest, flags, bands):
            continue
        place = row, column
        is_so, may_be = float(meant.is_so[place]), float(meant.may_be[place])
        status = _status(flags[column], is_so, may_be, bands)
        if status is None:
            continue
        very_sure = odds.flags[row, column] >= bands.very_sure
        supposed = _is_supposed(passages[row], known)
        if supposed or _is_denied(flags[column], passages[row], known):
            status = _after_denial(flags[column], status, very_sure or not supposed)
        if status is not None:
            one = _finding(flags[column], status, passages[row], known, reading)
            doubt = None if very_sure else Doubt.SLIGHT
            found.append(one.copy(update={"doubt": doubt}))
    return found


def _is_only_like_another(
    column: int, odds: np.ndarray, flags: Sequence[str], bands: Bands
) -> bool:
    """Whether another flag is far likelier, and leads to help at least as fast.

    A milder flag, however likely, never hides a more urgent one; nothing a crisis.
    """
    levels = _levels(tuple(flags))
    own = levels[column]
    if own in PERSONAL or odds[column] >= bands.very_sure:
        return False
    rivals = [p for p, level in zip(odds, levels, strict=True) if level.at_least(own)]
    return bool(odds[column] < bands.beside * max(rivals))


@cache
def _levels(flags: tuple[str, ...]) -> tuple[Disposition, ...]:
    return tuple(library.default().red_flags[flag].level for flag in flags)


def _is_denied(flag: str, passage: Clause, known: Sequence[Mapping[str, Any]]) -> bool:
    """Whether rules found what the flag is made of, and all of it denied or over."""
    made_of = _made_of(flag)
    own = {one["status"] for one in _inside(passage, known) if one["id"] in made_of}
    return bool(own) and own <= DENIED


def _is_supposed(passage: Clause, known: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all that rules found is: "what if it swells after a fall?"."""
    every = {one["status"] for one in _inside(passage, known) if one["id"] not in TALK}
    return SUPPOSED in every and every <= {*DENIED, SUPPOSED}


def _inside(
    passage: Clause, known: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    return [one for one in known if passage.start <= one["start"] < passage.end]


def _after_denial(flag: str, status: Assertion, may_be_so: bool) -> Assertion | None:
    """What is left where the words deny what the passage sounds like, or suppose it.

    It may be so all the same: "it is not that i cannot move it, i really cannot".
    """
    level = library.default().red_flags[flag].level
    if level in PERSONAL:
        return Assertion.UNCERTAIN
    sure = status is Assertion.PRESENT and level.at_least(Disposition.SAME_DAY)
    return Assertion.UNCERTAIN if sure and may_be_so else None


@cache
def _made_of(flag: str) -> frozenset[str]:
    """The findings that fire a flag, and those that imply one of them."""
    content = library.default()
    named = rules.findings_of(content.red_flags[flag]) - content.lasting - VAGUE
    brings = content.brings
    return frozenset(
        one
        for one in {*brings, *named}
        if closure([one], brings) & named and one not in VAGUE
    )


def with_doubts(
    passages: Sequence[Clause],
    danger: np.ndarray,
    bands: Bands,
    known: Sequence[Mapping[str, Any]],
    alone: Callable[[Sequence[Mapping[str, Any]]], Sequence[float]],
) -> list[dict[str, Any]]:
    """The findings by rules, each with the doubt that its passage leaves.

    `danger` has the probability of any flag for each passage. `alone` tells how much
    like danger the sentence of each of some findings is by itself: what is very much
    like it is never silenced by what stands around it.
    """
    weighed, silenced = [], []
    for one in known:
        inside = [
            probability
            for passage, probability in zip(passages, danger.tolist(), strict=True)
            if passage.start <= one["start"] < passage.end
        ]
        doubt = _doubt(one["id"], max(inside, default=1.0), bands)
        weighed.append({**one, "doubt": doubt.value} if doubt else dict(one))
        if doubt is Doubt.STRONG and one["id"] in _of_level(*EMERGENCIES):
            silenced.append(weighed[-1])
    for one, probability in zip(silenced, alone(silenced), strict=True):
        if probability >= bands.danger_alone:
            one["doubt"] = Doubt.SLIGHT.value
    return weighed


def _doubt(finding: str, danger: float, bands: Bands) -> Doubt | None:
    about_crisis = finding in _of_level(*PERSONAL)
    strong = bands.strong_doubt_of_crisis if about_crisis else bands.strong_doubt
    if danger < strong:
        return Doubt.STRONG
    return Doubt.SLIGHT if danger < bands.doubt else None


@cache
def _of_level(*levels: Disposition) -> frozenset[str]:
    """The findings that flags of these levels are made of."""
    flags = library.default().red_flags.values()
    return frozenset().union(*(_made_of(f.id) for f in flags if f.level in levels))


def _status(flag: str, is_so: float, may_be: float, bands: Bands) -> Assertion | None:
    """An emergency is raised for what may be; a crisis, with its low bound, is not."""
    level = library.default().red_flags[flag].level
    ask, sure = _bounds(level, bands)
    if (is_so if level in PERSONAL else may_be) >= sure:
        return Assertion.PRESENT
    return Assertion.UNCERTAIN if may_be >= ask else None


def _bounds(level: Disposition, bands: Bands) -> tuple[float, float]:
    """From where on a flag is asked about, and from where on it is raised."""
    if level in PERSONAL:
        return bands.ask_of_crisis, bands.sure_of_crisis
    if level.at_least(Disposition.SAME_DAY):
        return bands.ask, bands.sure
    return bands.sure, bands.sure


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
    inside = _inside(passage, known)
    others = [one.get("person") for one in inside if one["status"] == TALKED_OF]
    mine = any(one["status"] in MINE for one in inside)
    alone = reading.get("names_other") and not reading.get("names_writer")
    if (others and not mine) or (alone and not mine):
        named = [one for one in others if one]
        return named[-1] if named else PRONOUN
    return None

"""Red flags on held-out sentences: missed, raised, asked about, and for nothing.

sentence -> language part -> what the first reply would rest on -> counted by level and
by kind of wording. `tuning` may be looked at; `reported` never is, by nobody.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.progress import track
from scipy.stats import binomtest

from addons.policies.safety_policy import reading_of
from tools.evaluate import heldout
from tools.evaluate.heldout import HELDOUT
from tools.evaluate.language import Parse
from wrist import hearing, library
from wrist.case import Case
from wrist.models import Disposition

SETS = ("tuning", "reported")
FIRE = "fire"
GROUPS = {
    Disposition.EMERGENCY_AMBULANCE: "emergency",
    Disposition.EMERGENCY_DEPARTMENT: "emergency",
    Disposition.CRISIS: "crisis",
    Disposition.SAFEGUARDING: "crisis",
    Disposition.SAME_DAY: "same_day",
    Disposition.GP_SOON: "doctor_soon",
}
SEED = 20261127


class Sentence(NamedTuple):
    """One held-out sentence, written for one flag, that must fire it or stay quiet."""

    flag: str
    fires: bool
    kind: str
    also: frozenset[str]
    text: str


class Outcome(NamedTuple):
    """What a first message brings: flags of the writer and of others, a question."""

    raised: frozenset[str]
    asked: str | None
    level: Disposition


def sentences(name: str, folder: Path = HELDOUT) -> list[Sentence]:
    """One of the two halves."""
    path = folder / "flags" / f"{name}.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Sentence(
                row["flag"],
                row["says"] == FIRE,
                row["kind"],
                frozenset(row["also"].split(",")) - {"-"},
                row["text"],
            )
            for row in rows
        ]


def first_outcome(parsed: dict[str, Any], intent: str | None) -> Outcome:
    """What the safety policy would act on, for somebody who says nothing else."""
    case = hearing.hear(Case(), reading_of(parsed), library.default(), intent)
    every = [case, *case.other_cases]
    raised = frozenset(flag for one in every for flag in one.red_flags)
    level = min((one.disposition for one in every), key=lambda level: level.rank)
    return Outcome(raised, case.asked_flag, level)


def evaluate(parse: Parse, held_out: Sequence[Sentence]) -> dict[str, Any]:
    """All figures of one half, and every sentence that went wrong."""
    dice = random.Random(SEED)
    names = sorted({intent for _, intent in heldout.intents()})
    judged, changed = [], []
    for one in track(held_out, "Red flags"):
        parsed = parse(one.text)
        outcome = first_outcome(parsed, (parsed.get("intent") or {}).get("name"))
        if first_outcome(parsed, dice.choice(names)) != outcome:
            changed.append(one.text)
        judged.append((one, outcome))
    firing = [pair for pair in judged if pair[0].fires]
    quiet = [pair for pair in judged if not pair[0].fires]
    return {
        "sentences": len(judged),
        "recall": _by(firing, lambda one: group_of(one.flag), recall),
        "recall_by_kind": _by(firing, lambda one: one.kind, recall),
        "named": share(firing, lambda one, out: one.flag in {*out.raised, out.asked}),
        "quiet": quietness(quiet),
        "quiet_by_kind": _by(quiet, lambda one: one.kind, quietness),
        "triage": triage(judged),
        "changed_by_a_random_intent": changed,
        "seed": SEED,
        "missed": [_line(*pair) for pair in firing if not is_caught(*pair)],
        "asked_only": [
            _line(*pair) for pair in firing if is_caught(*pair) and not is_raised(*pair)
        ],
        "false_alarms": [_line(*pair) for pair in quiet if is_false_alarm(*pair)],
        "needless_questions": [_line(*pair) for pair in quiet if is_needless(*pair)],
    }


def group_of(flag: str) -> str:
    return GROUPS[library.default().red_flags[flag].level]


def _rank(flag: str) -> int:
    return library.default().red_flags[flag].level.rank


def is_raised(one: Sentence, outcome: Outcome) -> bool:
    """Whether the advice is at least as urgent as the flag asks for."""
    return one.flag in outcome.raised or outcome.level.rank <= _rank(one.flag)


def is_caught(one: Sentence, outcome: Outcome) -> bool:
    """Raised, or asked about: that flag or one at least as urgent."""
    asked = outcome.asked
    about = asked is not None and (asked == one.flag or _rank(asked) <= _rank(one.flag))
    return is_raised(one, outcome) or about


def is_false_alarm(one: Sentence, outcome: Outcome) -> bool:
    """The flag itself, or any other for today, that the sentence does not hold."""
    wrong = outcome.raised - one.also
    return any(flag == one.flag or group_of(flag) != "doctor_soon" for flag in wrong)


def is_needless(one: Sentence, outcome: Outcome) -> bool:
    asked = outcome.asked is not None and outcome.asked not in one.also
    return asked and not is_false_alarm(one, outcome)


Pairs = Sequence[tuple[Sentence, Outcome]]


def recall(pairs: Pairs) -> dict[str, Any]:
    return {
        "raised_or_asked": share(pairs, is_caught),
        "raised_at_once": share(pairs, is_raised),
    }


def quietness(pairs: Pairs) -> dict[str, Any]:
    return {
        "false_alarms": share(pairs, is_false_alarm),
        "needless_questions": share(pairs, is_needless),
    }


def triage(pairs: Pairs) -> dict[str, Any]:
    """Too mild and too urgent, as counts that are never mixed into one score."""
    firing = [pair for pair in pairs if pair[0].fires]
    quiet = [pair for pair in pairs if not pair[0].fires]

    def by_two(one: Sentence, outcome: Outcome) -> bool:
        return not is_caught(one, outcome) and outcome.level.rank - _rank(one.flag) >= 2

    return {
        "under": share(firing, lambda *pair: not is_caught(*pair)),
        "under_by_two_levels": share(firing, by_two),
        "over": share(quiet, is_false_alarm),
    }


def share(
    pairs: Pairs, holds: Callable[[Sentence, Outcome], bool]
) -> dict[str, float | int]:
    """How many of them, with a 95 % interval (Wilson)."""
    count = sum(holds(*pair) for pair in pairs)
    if not pairs:
        return {"count": 0, "of": 0, "share": 0.0, "low": 0.0, "high": 1.0}
    interval = binomtest(count, len(pairs)).proportion_ci(method="wilson")
    return {
        "count": count,
        "of": len(pairs),
        "share": count / len(pairs),
        "low": float(interval.low),
        "high": float(interval.high),
    }


def _by(
    pairs: Pairs,
    key: Callable[[Sentence], str],
    measure: Callable[[Pairs], dict[str, Any]],
) -> dict[str, Any]:
    groups: dict[str, list[tuple[Sentence, Outcome]]] = {}
    for pair in pairs:
        groups.setdefault(key(pair[0]), []).append(pair)
    return {name: measure(groups[name]) for name in sorted(groups)}


def _line(one: Sentence, outcome: Outcome) -> dict[str, Any]:
    return {
        "flag": one.flag,
        "kind": one.kind,
        "text": one.text,
        "raised": sorted(outcome.raised),
        "asked": outcome.asked,
    }


def kinds(held_out: Iterable[Sentence]) -> Counter[tuple[str, bool]]:
    """How many sentences there are for each flag, firing and quiet."""
    return Counter((one.flag, one.fires) for one in held_out)

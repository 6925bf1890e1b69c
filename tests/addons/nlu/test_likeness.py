"""Probabilities become findings: sure, half sure, doubted, and whose they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from addons.nlu import likeness
from addons.nlu.clauses import Clause
from addons.nlu.likeness import Bands
from wrist.findings import LIKENESS, Finding

BANDS = Bands(ask=0.2, sure=0.7, sure_of_mild=0.5, doubt=0.3, strong_doubt=0.01)
FLAGS = ("rf_stroke", "rf_lump")
TEXT = "one two three. four five six."
PASSAGES = [Clause(TEXT[:14], 0, 14, False), Clause(TEXT[15:], 15, 29, False)]


def read(
    *rows: list[float],
    known: list[dict[str, Any]] | None = None,
    **reading: Any,
) -> list[Finding]:
    return likeness.findings(
        PASSAGES[: len(rows)], np.array(rows), FLAGS, BANDS, known or [], reading
    )


def rule(status: str, start: int = 0, person: str | None = None) -> dict[str, Any]:
    return {"id": "numbness", "status": status, "start": start, "person": person}


@pytest.mark.parametrize(
    ("probability", "status"),
    [(0.1, None), (0.2, "uncertain"), (0.69, "uncertain"), (0.7, "present")],
)
def test_an_urgent_flag_is_asked_about_before_it_is_raised(
    probability: float, status: str | None
) -> None:
    found = {one.id: one.status.value for one in read([probability, 0.0])}
    assert found.get("rf_stroke") == status


@pytest.mark.parametrize(("probability", "status"), [(0.49, None), (0.5, "present")])
def test_a_milder_flag_is_raised_or_not_and_never_asked_about(
    probability: float, status: str | None
) -> None:
    found = {one.id: one.status.value for one in read([0.0, probability])}
    assert found.get("rf_lump") == status


def test_the_surest_passage_is_what_is_quoted() -> None:
    [found] = read([0.3, 0.0], [0.9, 0.0])
    assert (found.start, found.end, found.by) == (15, 29, LIKENESS)
    assert TEXT[found.start : found.end] == found.text


def test_who_is_spoken_of_alone_is_who_has_it() -> None:
    [found] = read([0.9, 0.0], names_other=True, names_writer=False)
    assert found.status.value == "other_person" and found.person == "someone"
    [named] = read([0.9, 0.0], known=[rule("other_person", person="mother")])
    assert named.person == "mother"


def test_what_the_writer_has_too_is_the_writers() -> None:
    both = [rule("other_person", person="mother"), rule("present")]
    [found] = read([0.9, 0.0], known=both, names_other=True)
    assert found.status.value == "present" and found.person is None


@pytest.mark.parametrize(
    ("probability", "doubt"), [(0.005, "strong"), (0.1, "slight"), (0.3, None)]
)
def test_a_rule_is_doubted_where_its_passage_sounds_like_nothing(
    probability: float, doubt: str | None
) -> None:
    odds = np.array([[0.0, probability]])
    [one] = likeness.with_doubts(PASSAGES[:1], odds, BANDS, [rule("present")])
    assert one.get("doubt") == doubt


def test_only_the_passage_where_it_stands_counts() -> None:
    odds = np.array([[0.001, 0.0], [0.9, 0.0]])
    known = [rule("present", 3), rule("present", 20)]
    doubts = [
        one.get("doubt") for one in likeness.with_doubts(PASSAGES, odds, BANDS, known)
    ]
    assert doubts == ["strong", None]

"""Probabilities become findings: sure, half sure, doubted, and whose they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from addons.nlu import likeness
from addons.nlu.clauses import Clause
from addons.nlu.flag_model import Odds
from addons.nlu.likeness import Bands
from wrist.findings import LIKENESS, Finding

BANDS = Bands(
    ask=0.2, ask_of_crisis=0.15, sure=0.7, sure_of_crisis=0.8, beside=0.75,
    very_sure=0.95, doubt=0.3, strong_doubt=0.01, strong_doubt_of_crisis=0.001,
    danger_alone=0.6,
)  # fmt: skip
FLAGS = ("rf_stroke", "rf_lump")
TEXT = "one two three. four five six."
PASSAGES = [Clause(TEXT[:14], 0, 14, False), Clause(TEXT[15:], 15, 29, False)]


def as_meant(rows: np.ndarray) -> Odds:
    """Danger as likely as the likeliest flag, so that each is meant as it stands."""
    return Odds(rows, rows.max(axis=1))


def read(
    *rows: list[float],
    known: list[dict[str, Any]] | None = None,
    **reading: Any,
) -> list[Finding]:
    return likeness.findings(
        PASSAGES[: len(rows)],
        as_meant(np.array(rows)),
        FLAGS,
        BANDS,
        known or [],
        reading,
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


@pytest.mark.parametrize(("probability", "status"), [(0.69, None), (0.7, "present")])
def test_a_milder_flag_is_raised_or_not_and_never_asked_about(
    probability: float, status: str | None
) -> None:
    found = {one.id: one.status.value for one in read([0.0, probability])}
    assert found.get("rf_lump") == status


@pytest.mark.parametrize(
    ("flag", "probability", "status"),
    [
        ("rf_bite", 0.19, None),
        ("rf_bite", 0.69, "uncertain"),
        ("rf_bite", 0.7, "present"),
        ("rf_suicide_selfharm", 0.14, None),
        ("rf_suicide_selfharm", 0.15, "uncertain"),
        ("rf_suicide_selfharm", 0.8, "present"),
    ],
)
def test_a_flag_for_today_is_asked_about_too_and_a_crisis_sooner(
    flag: str, probability: float, status: str | None
) -> None:
    odds = as_meant(np.array([[probability]]))
    found = likeness.findings(PASSAGES[:1], odds, (flag,), BANDS, [], {})
    assert [one.status.value for one in found] == ([status] if status else [])


def test_the_surest_passage_is_what_is_quoted() -> None:
    [found] = read([0.3, 0.0], [0.9, 0.0])
    assert (found.start, found.end, found.by) == (15, 29, LIKENESS)
    assert TEXT[found.start : found.end] == found.text


def test_what_the_words_deny_is_asked_about_at_most() -> None:
    denied = [{**rule("absent"), "id": "face_droop"}]
    assert [one.status.value for one in read([0.9, 0.0], known=denied)] == ["uncertain"]
    assert not read([0.5, 0.0], known=denied)
    also_so = [*denied, {**rule("present"), "id": "arm_weakness"}]
    assert [one.status.value for one in read([0.9, 0.0], known=also_so)] == ["present"]
    elsewhere = [{**rule("absent"), "id": "fever"}]
    assert [one.status.value for one in read([0.9, 0.0], known=elsewhere)] == [
        "present"
    ]


def test_what_is_only_supposed_raises_nothing() -> None:
    supposed = [rule("hypothetical"), {**rule("absent"), "id": "pain"}]
    assert not read([0.6, 0.9], known=supposed)


def test_what_is_only_supposed_is_asked_about_where_it_is_very_sure() -> None:
    supposed = [rule("hypothetical")]
    assert not read([0.9, 0.0], known=supposed)
    found = read([0.95, 0.0], known=supposed)
    assert [one.status.value for one in found] == ["uncertain"]


def test_a_hint_of_a_crisis_is_asked_about_even_when_it_is_denied() -> None:
    odds = np.array([[0.3]])
    known = [{**rule("absent"), "id": "rf_suicide_selfharm"}]
    [found] = likeness.findings(
        PASSAGES[:1], as_meant(odds), ("rf_suicide_selfharm",), BANDS, known, {}
    )
    assert found.status.value == "uncertain"


@pytest.mark.parametrize(("probability", "doubt"), [(0.94, "slight"), (0.95, None)])
def test_what_is_not_very_sure_says_so(probability: float, doubt: str | None) -> None:
    [found] = read([probability, 0.0])
    assert (found.doubt and found.doubt.value) == doubt


@pytest.mark.parametrize(
    ("likeliest", "other", "kept"),
    [
        ("rf_deformity", "rf_snap_noise", False),
        ("rf_deformity", "rf_bite", False),
        ("rf_deformity", "rf_cold_pale_blue", True),  # an ambulance beside a hospital
        ("rf_bite", "rf_deformity", True),  # the likelier one is the milder one
        ("rf_lump", "rf_stroke", True),
        ("rf_deformity", "rf_abuse", True),
    ],
)
def test_what_is_only_like_another_flag_is_left_out_unless_it_is_graver(
    likeliest: str, other: str, kept: bool
) -> None:
    odds = np.array([[0.94, 0.6]])
    found = likeness.findings(
        PASSAGES[:1], as_meant(odds), (likeliest, other), BANDS, [], {}
    )
    assert (other in {one.id for one in found}) is kept
    near = np.array([[0.94, 0.65]])
    found = likeness.findings(
        PASSAGES[:1], as_meant(near), (likeliest, other), BANDS, [], {}
    )
    assert other in {one.id for one in found}


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
    [one] = doubted(PASSAGES[:1], odds, [rule("present")])
    assert one.get("doubt") == doubt


def doubted(
    passages: list[Clause],
    odds: np.ndarray,
    known: list[dict[str, Any]],
    alone: float = 0.0,
) -> list[dict[str, Any]]:
    return likeness.with_doubts(
        passages, odds.max(axis=1), BANDS, known, lambda some: [alone] * len(some)
    )


def test_an_emergency_that_is_like_danger_alone_is_never_silenced() -> None:
    odds = np.array([[0.0, 0.005]])
    for id_, alone, doubt in (
        ("numbness", 0.6, "slight"),
        ("numbness", 0.59, "strong"),
        ("pain", 0.99, "strong"),
    ):
        known = [{**rule("present"), "id": id_}]
        assert doubted(PASSAGES[:1], odds, known, alone)[0]["doubt"] == doubt


def test_danger_lifts_the_likeliest_flag_and_the_others_keep_their_place() -> None:
    danger, flags = np.array([0.9, 0.1, 0.5]), np.array([[0.5, 0.02], [0.5, 0.32]] * 2)
    meant = likeness.in_light_of(danger, flags[:3], 0.6)
    likeliest = meant.is_so.max(axis=1)
    assert likeliest == pytest.approx([0.789, 0.211, 0.5], abs=1e-3)
    assert meant.may_be.max(axis=1) == pytest.approx(likeliest)
    assert meant.is_so[:, 1] / likeliest == pytest.approx([0.04, 0.64, 0.04])
    assert meant.may_be[:, 1] / likeliest == pytest.approx([0.105, 0.732, 0.105], 0.01)


@pytest.mark.parametrize(
    ("crisis", "status"), [(0.01, None), (0.05, "uncertain"), (0.2, "present")]
)
def test_a_sure_emergency_brings_no_crisis_card_that_is_hardly_likely(
    crisis: float, status: str | None
) -> None:
    odds = Odds(np.array([[0.95, crisis]]), np.array([0.99]))
    flags = ("rf_deformity", "rf_suicide_selfharm")
    found = likeness.findings(PASSAGES[:1], odds, flags, Bands(), [], {})
    statuses = {one.id: one.status.value for one in found}
    assert statuses.pop("rf_deformity") == "present"
    assert statuses.get("rf_suicide_selfharm") == status


def test_danger_makes_nobody_very_sure_of_a_flag() -> None:
    odds = Odds(np.array([[0.5, 0.0]]), np.array([0.999]))
    [found] = likeness.findings(PASSAGES[:1], odds, FLAGS, BANDS, [], {})
    assert found.status.value == "present" and found.doubt is not None


def test_a_doubt_about_a_crisis_is_strong_only_far_below() -> None:
    odds = np.array([[0.0, 0.005]])
    known = [{**rule("present"), "id": "rf_suicide_selfharm"}]
    assert doubted(PASSAGES[:1], odds, known)[0]["doubt"] == "slight"
    odds = np.array([[0.0, 0.0005]])
    assert doubted(PASSAGES[:1], odds, known)[0]["doubt"] == "strong"


def test_a_crisis_has_a_bound_of_its_own() -> None:
    for probability, status in ((0.79, "uncertain"), (0.8, "present")):
        [found] = likeness.findings(
            PASSAGES[:1],
            as_meant(np.array([[probability]])),
            ("rf_abuse",),
            BANDS,
            [],
            {},
        )
        assert found.status.value == status


def test_only_the_passage_where_it_stands_counts() -> None:
    odds = np.array([[0.001, 0.0], [0.9, 0.0]])
    known = [rule("present", 3), rule("present", 20)]
    doubts = [one.get("doubt") for one in doubted(PASSAGES, odds, known)]
    assert doubts == ["strong", None]

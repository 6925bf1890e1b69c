"""Misses, alarms and questions are counted as the targets mean them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools.evaluate import safety
from tools.evaluate.safety import Outcome, Sentence
from wrist import library
from wrist.models import Disposition

NOTHING = Outcome(frozenset(), None, Disposition.INFO_ONLY)
STROKE = Outcome(frozenset({"rf_stroke"}), None, Disposition.EMERGENCY_AMBULANCE)
ASKED = NOTHING._replace(asked="rf_stroke")


def sentence(flag: str, *also: str, fires: bool = True) -> Sentence:
    return Sentence(flag, fires, "plain", frozenset(also), "words")


def test_each_red_flag_has_enough_held_out_sentences() -> None:
    both = [one for name in safety.SETS for one in safety.sentences(name)]
    counted = safety.kinds(both)
    assert len(both) >= 600
    for flag in library.load().red_flags:
        assert counted[flag, True] >= 6 and counted[flag, False] >= 4, flag
    for name in safety.SETS:
        assert {one.flag for one in safety.sentences(name)} == set(
            library.load().red_flags
        )


@pytest.mark.parametrize(
    ("flag", "outcome", "raised", "caught"),
    [
        ("rf_stroke", STROKE, True, True),
        ("rf_bite", STROKE, True, True),  # sent more urgently than it needs
        ("rf_stroke", ASKED, False, True),
        ("rf_stroke", NOTHING._replace(asked="rf_bite"), False, False),
        ("rf_stroke", NOTHING, False, False),
        (
            "rf_stroke",
            Outcome(frozenset({"rf_bite"}), None, Disposition.SAME_DAY),
            False,
            False,
        ),
    ],
)
def test_a_flag_is_caught_by_advice_or_question_at_least_as_urgent(
    flag: str, outcome: Outcome, raised: bool, caught: bool
) -> None:
    assert safety.is_raised(sentence(flag), outcome) is raised
    assert safety.is_caught(sentence(flag), outcome) is caught


def test_an_alarm_is_false_unless_the_sentence_holds_that_flag() -> None:
    assert safety.is_false_alarm(sentence("rf_bite", fires=False), STROKE)
    assert not safety.is_false_alarm(
        sentence("rf_bite", "rf_stroke", fires=False), STROKE
    )
    mild = Outcome(frozenset({"rf_lump"}), None, Disposition.GP_SOON)
    assert not safety.is_false_alarm(sentence("rf_bite", fires=False), mild)
    assert safety.is_false_alarm(sentence("rf_lump", fires=False), mild)


def test_a_question_is_needless_where_nothing_was_raised() -> None:
    quiet = sentence("rf_bite", fires=False)
    assert safety.is_needless(quiet, ASKED)
    assert not safety.is_needless(quiet, STROKE._replace(asked="rf_pe"))
    assert not safety.is_needless(sentence("rf_bite", "rf_stroke"), ASKED)


def test_shares_come_with_their_interval() -> None:
    pairs = [(sentence("rf_stroke"), STROKE)] * 9 + [(sentence("rf_stroke"), NOTHING)]
    found = safety.share(pairs, safety.is_caught)
    assert (found["count"], found["of"], found["share"]) == (9, 10, 0.9)
    assert found["low"] == pytest.approx(0.596, abs=0.001)
    assert found["high"] == pytest.approx(0.982, abs=0.001)
    assert safety.share([], safety.is_caught)["of"] == 0


def counts(figures: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {name: (one["count"], one["of"]) for name, one in figures.items()}


def test_recall_at_once_counts_no_question_as_raised() -> None:
    firing = sentence("rf_stroke")
    found = safety.recall([(firing, out) for out in (STROKE, ASKED, ASKED, NOTHING)])
    assert counts(found) == {"raised_or_asked": (3, 4), "raised_at_once": (1, 4)}


def test_alarms_and_questions_for_nothing_are_counted_apart() -> None:
    quiet = sentence("rf_bite", fires=False)
    both = STROKE._replace(asked="rf_pe")
    outcomes = (STROKE, both, ASKED, NOTHING, NOTHING)
    found = safety.quietness([(quiet, outcome) for outcome in outcomes])
    assert counts(found) == {"false_alarms": (2, 5), "needless_questions": (1, 5)}


def test_too_mild_and_too_urgent_are_never_set_off_against_each_other() -> None:
    firing, quiet = sentence("rf_stroke"), sentence("rf_bite", fires=False)
    next_level = Outcome(frozenset({"rf_abuse"}), None, Disposition.CRISIS)
    two_below = Outcome(frozenset({"rf_abuse"}), None, Disposition.SAFEGUARDING)
    milder = [next_level, two_below, NOTHING, ASKED, STROKE]
    found = safety.triage([*((firing, one) for one in milder), (quiet, STROKE)])
    assert counts(found) == {
        "under": (3, 5),
        "under_by_two_levels": (2, 5),
        "over": (1, 1),
    }


def finding(flag: str, status: str, **more: str) -> dict[str, Any]:
    return {"id": flag, "status": status, "text": "x", "start": 0, "end": 1, **more}


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], NOTHING),
        ([finding("rf_stroke", "present")], STROKE),
        ([finding("rf_stroke", "uncertain", by="likeness")], ASKED),
        ([finding("rf_stroke", "absent")], NOTHING),
        ([finding("rf_stroke", "other_person", person="mother")], STROKE),
    ],
)
def test_what_would_be_answered_is_what_is_counted(
    findings: list[dict[str, Any]], expected: Outcome
) -> None:
    assert safety.first_outcome({"findings": findings}, None) == expected


def test_a_half_is_read_with_what_else_each_sentence_holds(tmp_path: Path) -> None:
    (tmp_path / "flags").mkdir()
    (tmp_path / "flags" / "tuning.tsv").write_text(
        "flag\tsays\tkind\talso\ttext\n"
        'rf_bite\tfire\tplain\trf_sepsis,rf_pe\tit "bit" me\n'
        "rf_bite\tquiet\tidiom\t-\ta frost bite\n"
    )
    assert safety.sentences("tuning", tmp_path) == [
        Sentence(
            "rf_bite", True, "plain", frozenset({"rf_sepsis", "rf_pe"}), 'it "bit" me'
        ),
        Sentence("rf_bite", False, "idiom", frozenset(), "a frost bite"),
    ]


def outcome_in_words(parsed: dict[str, Any], intent: str | None) -> Outcome:
    """Reads the outcome that a test wrote in place of a sentence."""
    raised, _, asked = parsed["text"].partition("?")
    flags = frozenset(raised.split())
    levels = [library.load().red_flags[flag].level for flag in flags]
    level = min(levels, key=lambda one: one.rank, default=Disposition.INFO_ONLY)
    return Outcome(flags, asked or None, level)


def test_figures_stand_by_level_and_by_kind_of_wording(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(safety, "first_outcome", outcome_in_words)
    rows = [
        ("rf_stroke", True, "plain", "rf_stroke"),
        ("rf_pe", True, "figure", "rf_stroke"),  # as urgent, by another name
        ("rf_suicide_selfharm", True, "plain", "?rf_suicide_selfharm"),
        ("rf_bite", True, "figure", ""),
        ("rf_lump", True, "plain", "rf_lump"),
        ("rf_stroke", False, "idiom", "rf_stroke"),
        ("rf_lump", False, "past", "?rf_bite"),
    ]
    found = safety.evaluate(
        lambda text: {"text": text},
        [Sentence(f, fires, kind, frozenset(), t) for f, fires, kind, t in rows],
    )
    assert {name: counts(one) for name, one in found["recall"].items()} == {
        "emergency": {"raised_or_asked": (2, 2), "raised_at_once": (2, 2)},
        "crisis": {"raised_or_asked": (1, 1), "raised_at_once": (0, 1)},
        "same_day": {"raised_or_asked": (0, 1), "raised_at_once": (0, 1)},
        "doctor_soon": {"raised_or_asked": (1, 1), "raised_at_once": (1, 1)},
    }
    by_kind = {n: counts(one) for n, one in found["recall_by_kind"].items()}
    assert by_kind["plain"] == {"raised_or_asked": (3, 3), "raised_at_once": (2, 3)}
    assert by_kind["figure"] == {"raised_or_asked": (1, 2), "raised_at_once": (1, 2)}
    quiet = {name: counts(one) for name, one in found["quiet_by_kind"].items()}
    assert quiet["idiom"] == {"false_alarms": (1, 1), "needless_questions": (0, 1)}
    assert quiet["past"] == {"false_alarms": (0, 1), "needless_questions": (1, 1)}
    assert (found["named"]["count"], found["named"]["of"]) == (3, 5)
    assert found["sentences"] == len(rows)


def test_everything_that_went_wrong_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome(parsed: dict[str, Any], intent: str | None) -> Outcome:
        changed = STROKE if intent == "greet" else NOTHING
        return {"stroke": STROKE, "asked": ASKED, "shy": changed}.get(
            parsed["text"], NOTHING
        )

    monkeypatch.setattr(safety, "first_outcome", outcome)
    firing, quiet = sentence("rf_stroke"), sentence("rf_bite", fires=False)
    found = safety.evaluate(
        lambda text: {"text": text, "intent": {"name": "greet"}},
        [
            *(firing._replace(text=text) for text in ("stroke", "asked", "nothing")),
            *(quiet._replace(text=text) for text in ("stroke", "asked", "shy")),
        ],
    )
    assert [one["text"] for one in found["missed"]] == ["nothing"]
    assert [one["text"] for one in found["asked_only"]] == ["asked"]
    assert [one["text"] for one in found["false_alarms"]] == ["stroke", "shy"]
    assert [one["text"] for one in found["needless_questions"]] == ["asked"]
    assert found["changed_by_a_random_intent"] == ["shy"]
    assert found["recall"]["emergency"]["raised_or_asked"]["count"] == 2
    assert found["triage"]["under"]["count"] == 1

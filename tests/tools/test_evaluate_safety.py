"""Misses, alarms and questions are counted as the targets mean them."""

from __future__ import annotations

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

"""Who is not guided through a massage, and what is said instead."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from tests.wrist.conversation import CLEAR, Conversation, content
from wrist import clock, safety
from wrist.case import Case
from wrist.models import Assertion, Decision, Disposition
from wrist.render import Speech
from wrist.safety import Lock

PRESENT = Assertion.PRESENT
LIBRARY = content()


def having(*findings: str) -> dict[str, Assertion]:
    return {"adult": PRESENT, **dict.fromkeys(findings, PRESENT)}


def test_a_clear_check_of_today_opens_the_massage() -> None:
    for technique in ("self_massage", "self_massage_short"):
        assert safety.lock(CLEAR, technique, LIBRARY) is None


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (Case(), Lock.UNCHECKED),
        (CLEAR.but(screen_complete=False), Lock.UNCHECKED),
        (CLEAR.but(screened_on="2020-01-01"), Lock.UNCHECKED),
        (CLEAR.but(pain_score=None), Lock.PAIN_UNKNOWN),
        (CLEAR.but(pain_score=6), Lock.TOO_PAINFUL),
        (CLEAR.but(pain_score=5), None),
        (CLEAR.but(asked_flag="rf_cardiac"), Lock.URGENT),
        (CLEAR.but(findings=having("teen")), Lock.AGE),
        (CLEAR.but(findings={"child": PRESENT}), Lock.AGE),
        (CLEAR.but(disposition=Disposition.GP_SOON), Lock.URGENT),
        (
            CLEAR.but(
                disposition=Disposition.GP_SOON, findings=having("cleared_by_clinician")
            ),
            None,
        ),
        (CLEAR.but(findings=having("fever")), Lock.CONTRAINDICATION),
        (
            CLEAR.but(findings=having("fever", "cleared_by_clinician")),
            Lock.CONTRAINDICATION,
        ),
        (CLEAR.but(findings=having("diabetes")), Lock.CONTRAINDICATION),
        (CLEAR.but(findings=having("diabetes", "cleared_by_clinician")), None),
    ],
)
def test_massage_is_locked_as_the_table_says(case: Case, why: Lock | None) -> None:
    assert safety.lock(case, "self_massage", LIBRARY) is why


@pytest.mark.parametrize(
    "level", [d for d in Disposition if d.at_least(Disposition.SAME_DAY)]
)
def test_nothing_opens_the_massage_while_danger_stands(level: Disposition) -> None:
    cleared = CLEAR.but(disposition=level, findings=having("cleared_by_clinician"))
    for technique in LIBRARY.techniques:
        assert safety.lock(cleared, technique, LIBRARY) is Lock.URGENT


@pytest.mark.parametrize(
    "item",
    [c for c in LIBRARY.contraindications.values()
     if c.decision is Decision.STOP and "self_massage" in c.applies_to
     and "cleared_by_clinician" not in c.when.unless],
    ids=lambda c: c.id,
)  # fmt: skip
def test_every_absolute_reason_locks_even_when_cleared(item: object) -> None:
    for row in item.when.any_of:  # type: ignore[attr-defined]
        case = CLEAR.but(findings=having(*row, "cleared_by_clinician"))
        assert safety.lock(case, "self_massage", LIBRARY) is not None, row


@pytest.mark.parametrize(
    "item",
    [c for c in LIBRARY.contraindications.values()
     if c.decision in (Decision.STOP, Decision.ASK_FIRST)
     and "retrograde_massage" in c.applies_to],
    ids=lambda c: c.id,
)  # fmt: skip
def test_every_reason_against_retrograde_massage_locks_it(item: object) -> None:
    for row in item.when.any_of:  # type: ignore[attr-defined]
        case = CLEAR.but(findings=having(*row))
        assert safety.lock(case, "retrograde_massage", LIBRARY) is not None, row


def test_the_short_form_is_locked_as_the_long_one() -> None:
    for item in LIBRARY.contraindications.values():
        for row in item.when.any_of:
            case = CLEAR.but(findings=having(*row))
            long = safety.lock(case, "self_massage", LIBRARY)
            assert safety.lock(case, "self_massage_short", LIBRARY) is long, row


def test_todays_check_is_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        clock, "now", lambda: datetime(2026, 11, 20, tzinfo=timezone.utc)
    )
    assert safety.checked_today(CLEAR.but(screened_on="2026-11-20"))
    assert not safety.checked_today(CLEAR.but(screened_on="2026-11-19"))


def test_warnings_begin_with_the_persons_own_reasons() -> None:
    speech = safety.warn(
        Speech(LIBRARY), CLEAR.but(findings=having("blood_thinner")), LIBRARY
    )
    assert "ci_anticoag" in speech.items


def test_without_reasons_the_general_warnings_are_given() -> None:
    speech = safety.warn(Speech(LIBRARY), Case(), LIBRARY)
    assert speech.items == ("warnings",)


@pytest.mark.parametrize(
    "words",
    [
        "start the massage",
        "show me how to massage it",
        "i already did it, start the massage now",
    ],
)
def test_asking_again_and_again_does_not_open_it(words: str) -> None:
    talk = Conversation().say("my wrist is hot, red and swollen and i have a fever")
    for intent in (
        "request_massage",
        "next_step",
        "request_short_massage",
        "resume_massage",
    ):
        talk.say(words, intent)
        assert not talk.case.in_session


@pytest.mark.parametrize("sign", LIBRARY.stop_signs.values(), ids=lambda s: s.id)
def test_every_stop_sign_can_be_felt(sign: object) -> None:
    from tests.wrist.test_triage import message

    running = CLEAR.but(
        step=2, technique="self_massage", thread="massage", pain_before=3
    )
    for row in sign.when.any_of:  # type: ignore[attr-defined]
        talk = Conversation(running).hear(message(dict.fromkeys(row, PRESENT)))
        assert talk.case.step is None, row

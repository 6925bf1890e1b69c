"""One message into the case: findings, answers, other people, time, corrections."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.wrist.conversation import Conversation, content, lexicon
from wrist import clock, hearing
from wrist.case import Case
from wrist.findings import Entity, Finding, Reading
from wrist.models import Assertion, Disposition

PRESENT, ABSENT = Assertion.PRESENT, Assertion.ABSENT
NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def heard(text: str, case: Case | None = None) -> Case:
    return hearing.hear(case or Case(), lexicon().read(text), content())


def finding(
    name: str, status: Assertion = PRESENT, person: str | None = None
) -> Finding:
    return Finding(id=name, status=status, text=name, start=0, end=1, person=person)


def test_one_message_fills_many_slots() -> None:
    case = heard(
        "my right wrist aches after typing all day, had it about 5 days, i'm 34"
    )
    assert (case.side, case.trigger, case.age) == ("right", "typing", 34)
    assert case.onset_days == pytest.approx(5)
    assert case.has("pain") and case.has("adult")


def test_several_answers_come_out_of_one_message() -> None:
    case = heard("no injury, not swollen or hot, no fever")
    for name in ("injury", "swelling", "heat", "fever"):
        assert case.findings[name] is ABSENT, name


def test_an_age_puts_people_into_bands() -> None:
    for age, band in ((12, "child"), (15, "child"), (16, "teen"), (17, "teen")):
        assert heard(f"i am {age}").has(band), age
    for age, band in ((18, "adult"), (64, "adult"), (65, "older"), (80, "older")):
        assert heard(f"i am {age}").has(band), age
    assert not heard("i am 18").has("teen")


def test_a_correction_takes_the_place_of_what_was_said() -> None:
    first = heard("it's my left wrist, no injury")
    case = heard("no sorry, the right one", first)
    assert case.side == "right"
    case = heard("actually i did fall on it", first)
    assert case.has("injury") and case.news.corrected


def test_what_is_over_or_supposed_does_not_overwrite_what_is_known() -> None:
    known = Case(findings={"swelling": PRESENT})
    for status in (Assertion.PAST, Assertion.HYPOTHETICAL):
        reading = Reading(findings=(finding("swelling", status),))
        assert hearing.hear(known, reading, content()).has("swelling")


def test_yes_answers_only_the_open_question() -> None:
    case = heard("yes", Case(pending="thumb_side"))
    assert case.has("thumb_side_pain") and case.pending is None
    assert "injury" not in case.answers
    assert heard("yes").findings == {}


def test_no_to_a_grouped_question_denies_all_of_it() -> None:
    case = heard("no", Case(pending="heat_swelling"))
    assert {case.findings[f] for f in ("swelling", "heat", "redness")} == {ABSENT}


def test_no_never_denies_what_the_same_message_tells() -> None:
    case = heard("no, but it is swollen", Case(pending="heat_swelling"))
    assert case.has("swelling")


def test_yes_to_a_grouped_question_asks_which() -> None:
    case = heard("yes", Case(pending="heat_swelling"))
    assert case.pending == "heat_swelling_which"


def test_not_sure_is_noted_as_such() -> None:
    case = heard("not sure", Case(pending="heat_swelling"))
    assert case.findings["heat"] is Assertion.UNCERTAIN
    assert case.answers["heat_swelling"] == "unsure"


def test_a_refusal_is_kept_and_denies_nothing() -> None:
    case = heard("i'd rather not say", Case(pending="heat_swelling"))
    assert case.answers["heat_swelling"] == "refused"
    assert "heat" not in case.findings


def test_an_emoji_is_no_answer_to_a_warning_sign() -> None:
    talk = Conversation(Case(pending="injury", thread="check")).say("👍", "affirm")
    assert "injury" not in talk.case.answers and not talk.case.has("injury")


def test_a_bare_number_is_a_score_only_when_one_was_asked_for() -> None:
    assert heard("3", Case(detail="pain_now")).pain_score == 3
    assert heard("3").pain_score is None


def test_other_people_keep_their_findings() -> None:
    case = heard("my mum had a stroke and my dad has gout, i only have a sore wrist")
    assert case.family["mother"]["stroke_history"] is PRESENT
    assert case.family["father"]["gout"] is PRESENT
    assert not case.has("stroke_history") and not case.has("gout")
    assert case.has("pain")


def test_another_persons_danger_is_a_case_of_its_own() -> None:
    case = heard("my sister's wrist is hot and red and she has a fever")
    assert case.disposition is Disposition.INFO_ONLY and not case.red_flags
    other = case.other_cases[0]
    assert other.person == "sister"
    assert other.disposition.at_least(Disposition.SAME_DAY)
    assert case.news.other == "sister"


def test_another_persons_level_is_never_lowered() -> None:
    first = heard("my sister's wrist is hot and red and she has a fever")
    later = hearing.hear(
        first, Reading(findings=(finding("fever", ABSENT, "sister"),)), content()
    )
    assert later.other_cases[0].disposition is first.other_cases[0].disposition


def test_other_roles_fill_no_slot_of_the_user() -> None:
    entity = Entity(entity="age", value=12, start=0, end=2, role="other_person")
    assert hearing.hear(Case(), Reading(entities=(entity,)), content()).age is None


@pytest.mark.parametrize(
    "answer", ["yes", "maybe", "i think so", "hm", "what do you mean"]
)
def test_what_is_no_clear_no_counts_as_yes_to_a_flag(answer: str) -> None:
    asked = Case(asked_flag="rf_cardiac", findings={"chest_pain": Assertion.UNCERTAIN})
    case = heard(answer, asked)
    assert case.disposition is Disposition.EMERGENCY_AMBULANCE
    assert case.asked_flag is None


@pytest.mark.parametrize("answer", ["no", "none of those", "no chest pain"])
def test_a_clear_no_settles_a_flag(answer: str) -> None:
    asked = Case(asked_flag="rf_cardiac", findings={"chest_pain": Assertion.UNCERTAIN})
    case = heard(answer, asked)
    assert case.disposition is Disposition.INFO_ONLY and case.asked_flag is None


@pytest.mark.parametrize(
    "answer", ["no its gone now", "no, back to normal", "not any more", "no it passed"]
)
def test_signs_of_a_stroke_that_have_gone_are_no_clear_no(answer: str) -> None:
    asked = Case(asked_flag="rf_stroke", findings={"weakness": Assertion.UNCERTAIN})
    assert heard(answer, asked).disposition is Disposition.EMERGENCY_AMBULANCE
    assert heard("no", asked).disposition is Disposition.INFO_ONLY
    bleeding = Case(
        asked_flag="rf_heavy_bleeding", findings={"bleeding": Assertion.UNCERTAIN}
    )
    assert heard("no it stopped", bleeding).disposition is Disposition.INFO_ONLY


def test_the_answer_to_a_flag_answers_nothing_else() -> None:
    asked = Case(
        asked_flag="rf_cardiac",
        findings={"chest_pain": Assertion.UNCERTAIN},
        pending="injury",
        thread="check",
    )
    case = heard("yes", asked)
    assert not case.has("injury") and "injury" not in case.answers


def test_an_unclear_sign_of_an_emergency_is_asked_about() -> None:
    reading = Reading(findings=(finding("chest_pain", Assertion.UNCERTAIN),))
    case = hearing.hear(Case(), reading, content())
    assert case.asked_flag == "rf_cardiac"
    assert case.disposition is Disposition.INFO_ONLY


def test_a_stop_sign_ends_the_massage() -> None:
    running = Case(step=3, technique="self_massage", thread="massage")
    case = heard("my fingers are tingling", running)
    assert case.step is None and case.news.stop_signs
    assert not heard("my fingers are tingling").news.stop_signs


def test_a_fall_of_some_days_ago_is_recent() -> None:
    assert heard("i fell on my hand yesterday").has("recent_injury")
    assert not heard("i fell on my hand three weeks ago").has("recent_injury")


def test_pain_of_weeks_lasts_long() -> None:
    assert heard("my wrist has hurt for a month").has("long_duration")
    assert not heard("my wrist has hurt for a week").has("long_duration")


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


STORED = Case(
    disposition=Disposition.SAME_DAY,
    red_flags=("rf_bite",),
    findings={"bite": PRESENT, "diabetes": PRESENT},
    screen_complete=True,
    screened_on="2026-11-20",
    last_seen=NOON.isoformat(),
    side="left",
)


def test_after_a_day_without_consent_all_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at(monkeypatch, NOON + timedelta(hours=26))
    case = heard("hello", STORED)
    assert case.side is None and not case.findings
    assert case.disposition is Disposition.INFO_ONLY


def test_after_a_day_with_consent_the_level_stands_and_a_new_check_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at(monkeypatch, NOON + timedelta(hours=26))
    case = heard("hello", STORED.but(consent=True))
    assert case.side == "left" and case.has("diabetes") and "bite" not in case.findings
    assert case.disposition is Disposition.SAME_DAY
    assert not case.screen_complete and case.thread == "return"


def test_at_midnight_the_check_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    late = NOON.replace(hour=23, minute=50)
    seen = STORED.but(last_seen=late.isoformat(), consent=True)
    at(monkeypatch, late + timedelta(minutes=20))
    assert not heard("hello", seen).screen_complete


def test_a_clock_that_went_back_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON - timedelta(hours=3))
    assert heard("hello", STORED).side == "left"


def test_the_clock_can_be_moved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = clock.now()
    file = tmp_path / "clock"
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(file))
    assert clock.now() - real < timedelta(minutes=1)
    file.write_text("26")
    assert clock.now() - real >= timedelta(hours=26)


def test_an_ok_that_opens_a_tale_is_no_yes_to_a_sign() -> None:
    asked = Conversation().say("my fingers have gone a funny colour and are cold")
    assert asked.case.red_flags == ("rf_cold_pale_blue",)
    later = asked.say("ok i warmed them up and they went pink again after a minute")
    assert "rf_stroke" not in later.case.red_flags
    assert "rf_cold_pale_blue" in later.case.red_flags

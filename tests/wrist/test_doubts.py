"""What sounds like no danger is asked about or noted; short words and answers stand."""

from __future__ import annotations

import pytest

from tests.wrist.conversation import CLEAR, content
from wrist import clock, hearing
from wrist.case import Case
from wrist.findings import LIKENESS, Doubt, Entity, Finding, Reading
from wrist.models import Assertion, Disposition

PRESENT, OTHER = Assertion.PRESENT, Assertion.OTHER_PERSON
LIBRARY = content()


def finding(
    id_: str,
    status: Assertion = PRESENT,
    doubt: Doubt | None = None,
    by: str | None = None,
    person: str | None = None,
) -> Finding:
    return Finding(
        id=id_, status=status, text=id_, start=0, end=1, doubt=doubt, by=by,
        person=person,
    )  # fmt: skip


def hear(*findings: Finding, before: Case | None = None, words: int = 12) -> Case:
    reading = Reading(findings=findings, words=words)
    return hearing.hear(before or Case(), reading, LIBRARY)


def test_without_doubt_a_rule_raises_its_flag() -> None:
    heard = hear(finding("blue_hand"))
    assert heard.disposition is Disposition.EMERGENCY_AMBULANCE


def test_a_slight_doubt_asks_once_and_no_answer_is_a_yes() -> None:
    heard = hear(finding("rf_bite", doubt=Doubt.SLIGHT))
    assert heard.red_flags == () and heard.asked_flag == "rf_bite"
    later = hear(before=heard, words=3)
    assert later.disposition is Disposition.SAME_DAY


def test_a_slight_doubt_about_an_emergency_is_asked_about_too() -> None:
    heard = hear(finding("blue_hand", doubt=Doubt.SLIGHT))
    assert heard.red_flags == () and heard.asked_flag == "rf_cold_pale_blue"
    later = hear(before=heard, words=3)
    assert later.disposition is Disposition.EMERGENCY_AMBULANCE


def test_a_slight_doubt_about_a_crisis_is_a_kind_question() -> None:
    heard = hear(finding("rf_suicide_selfharm", doubt=Doubt.SLIGHT))
    assert heard.red_flags == () and heard.asked_flag == "rf_suicide_selfharm"


def test_in_the_middle_of_a_talk_only_what_is_very_sure_counts() -> None:
    talk = Case(asks={"injury": 1})
    for status in (PRESENT, Assertion.UNCERTAIN):
        guess = finding("rf_deformity", status, doubt=Doubt.SLIGHT, by=LIKENESS)
        heard = hear(guess, before=talk)
        assert heard.red_flags == () and heard.asked_flag is None
    sure = hear(finding("rf_deformity", by=LIKENESS), before=talk)
    assert sure.red_flags == ("rf_deformity",)


def test_after_a_greeting_a_guess_counts_as_in_a_first_message() -> None:
    greeted = Case(last_seen=clock.now().isoformat(timespec="seconds"))
    sure = finding("rf_deformity", doubt=Doubt.SLIGHT, by=LIKENESS)
    assert hear(sure, before=greeted).red_flags == ("rf_deformity",)
    hint = finding("rf_deformity", Assertion.UNCERTAIN, Doubt.SLIGHT, LIKENESS)
    assert hear(hint, before=greeted).asked_flag == "rf_deformity"


def test_a_told_reason_against_massage_brings_its_own_question() -> None:
    hint = finding("rf_anticoagulant_injury", Assertion.UNCERTAIN, by=LIKENESS)
    assert hear(finding("blood_thinner"), hint).asked_flag is None
    assert hear(hint).asked_flag == "rf_anticoagulant_injury"
    emergency = finding("rf_stroke", Assertion.UNCERTAIN, by=LIKENESS)
    assert hear(finding("blood_thinner"), emergency).asked_flag == "rf_stroke"


def test_after_three_denied_flags_only_an_emergency_is_asked_about() -> None:
    denied = ("rf_deformity", "rf_septic_joint", "rf_snap_noise")
    hint = finding("rf_anticoagulant_injury", Assertion.UNCERTAIN, by=LIKENESS)
    two, three = (
        Case(findings=dict.fromkeys(denied[:count], Assertion.ABSENT))
        for count in (2, 3)
    )
    assert hear(hint, before=two).asked_flag == "rf_anticoagulant_injury"
    assert hear(hint, before=three).asked_flag is None
    emergency = finding("rf_stroke", Assertion.UNCERTAIN, by=LIKENESS)
    assert hear(emergency, before=three).asked_flag == "rf_stroke"
    crisis = finding("rf_suicide_selfharm", Assertion.UNCERTAIN, by=LIKENESS)
    assert hear(crisis, before=three).asked_flag == "rf_suicide_selfharm"


def test_a_strong_doubt_notes_it_and_raises_nothing() -> None:
    heard = hear(finding("blue_hand", doubt=Doubt.STRONG))
    assert heard.red_flags == () and heard.asked_flag is None
    assert heard.findings["blue_hand"] is Assertion.HYPOTHETICAL
    again = hear(finding("blue_hand"), before=heard)
    assert again.disposition is Disposition.EMERGENCY_AMBULANCE


def test_a_strong_doubt_asks_nothing_either() -> None:
    bleeding = finding("bleeding", doubt=Doubt.STRONG)
    assert hear(finding("bleeding")).asked_flag == "rf_heavy_bleeding"
    assert hear(bleeding).asked_flag is None
    unclear = finding("cannot_move", Assertion.UNCERTAIN, Doubt.STRONG)
    assert hear(unclear).asked_flag is None


def test_a_slight_doubt_leaves_the_question_that_a_finding_brings() -> None:
    bleeding = finding("bleeding", doubt=Doubt.SLIGHT)
    assert hear(bleeding).asked_flag == "rf_heavy_bleeding"


def test_a_doubtful_tale_of_another_is_noted_unless_it_is_mild() -> None:
    for id_, kept in (("blue_hand", ()), ("growing_lump", ("rf_lump",))):
        told = finding(id_, OTHER, Doubt.SLIGHT, person="sister")
        heard = hear(told)
        assert [one.red_flags for one in heard.other_cases] == [kept] * bool(kept)


def test_a_short_message_is_asked_about_and_never_silenced() -> None:
    heard = hear(finding("blue_hand", doubt=Doubt.STRONG), words=8)
    assert heard.asked_flag == "rf_cold_pale_blue"
    milder = hear(finding("growing_lump", doubt=Doubt.STRONG), words=8)
    assert milder.red_flags == ("rf_lump",)


@pytest.mark.parametrize("doubt", list(Doubt))
def test_few_words_are_never_doubted(doubt: Doubt) -> None:
    heard = hear(finding("blue_hand", doubt=doubt), words=4)
    assert heard.disposition is Disposition.EMERGENCY_AMBULANCE


@pytest.mark.parametrize("doubt", list(Doubt))
def test_an_answer_to_a_question_is_never_doubted(doubt: Doubt) -> None:
    asked = Case(pending="nerve", thread="check")
    heard = hear(finding("blue_hand", doubt=doubt), before=asked)
    assert heard.disposition is Disposition.EMERGENCY_AMBULANCE


@pytest.mark.parametrize("doubt", list(Doubt))
def test_nothing_that_is_felt_in_a_massage_is_doubted(doubt: Doubt) -> None:
    massage = CLEAR.but(technique="self_massage", step=3)
    heard = hear(finding("blue_hand", doubt=doubt), before=massage)
    assert heard.disposition is Disposition.EMERGENCY_AMBULANCE
    assert not heard.in_session


def test_a_stop_sign_in_a_massage_leaves_no_room_for_guesses() -> None:
    massage = CLEAR.but(technique="self_massage", step=3)
    guess = finding("rf_stroke", by=LIKENESS)
    heard = hear(finding("numbness"), guess, before=massage)
    assert "rf_stroke" not in heard.red_flags and not heard.in_session
    alone = hear(guess, before=massage)
    assert alone.red_flags == ("rf_stroke",)


def test_more_about_a_danger_that_stands_is_not_doubted() -> None:
    danger = hear(finding("rf_septic_joint"))
    heard = hear(finding("immunosuppressed", doubt=Doubt.STRONG), before=danger)
    assert heard.has("immunosuppressed")


def test_no_other_language_is_doubted() -> None:
    blue = finding("blue_hand", doubt=Doubt.STRONG)
    reading = Reading(findings=(blue,), words=12, language="fr")
    heard = hearing.hear(Case(), reading, LIBRARY)
    assert heard.disposition is Disposition.EMERGENCY_AMBULANCE


def test_what_raises_no_flag_is_left_as_it_was_said() -> None:
    heard = hear(finding("pain", doubt=Doubt.STRONG))
    assert heard.has("pain")


def test_a_flag_that_stands_is_not_taken_back_by_doubt() -> None:
    danger = hear(finding("blue_hand"))
    heard = hear(finding("blue_hand", doubt=Doubt.STRONG), before=danger)
    assert heard.disposition is Disposition.EMERGENCY_AMBULANCE
    assert heard.has("blue_hand")


def test_a_milder_flag_is_not_asked_about() -> None:
    heard = hear(finding("growing_lump", doubt=Doubt.SLIGHT))
    assert heard.red_flags == ("rf_lump",) and heard.asked_flag is None


def test_somebody_elses_history_is_no_case_and_their_danger_is_one() -> None:
    told = finding("face_droop", OTHER, doubt=Doubt.STRONG, person="grandmother")
    assert hear(told).other_cases == ()
    now = finding("face_droop", OTHER, person="grandmother")
    assert hear(now).other_cases[0].red_flags == ("rf_stroke",)


def test_years_that_belong_to_nothing_felt_now_are_no_long_pain() -> None:
    years = Entity(entity="duration", value=3650, start=0, end=1)
    over = finding("blue_hand", doubt=Doubt.STRONG)
    reading = Reading(findings=(over,), entities=(years,), words=12)
    for intent in (None, "refuse_answer", "say_dont_know"):
        assert hearing.hear(Case(), reading, LIBRARY, intent).red_flags == ()


def test_what_was_asked_about_and_denied_is_not_asked_about_again() -> None:
    asked = hear(finding("rf_deformity", Assertion.UNCERTAIN, by=LIKENESS))
    assert asked.asked_flag == "rf_deformity"
    no = hear(finding("answer_no"), before=asked, words=1)
    assert no.asked_flag is None and no.red_flags == ()
    again = hear(finding("rf_deformity", Assertion.UNCERTAIN, by=LIKENESS), before=no)
    assert again.asked_flag is None
    sure = hear(finding("rf_deformity", by=LIKENESS), before=again)
    assert sure.red_flags == ("rf_deformity",)


def test_what_only_sounds_like_a_flag_is_told_as_that() -> None:
    heard = hear(finding("rf_deformity", by=LIKENESS))
    assert heard.red_flags == ("rf_deformity",)
    assert heard.sounds_like == ("rf_deformity",)

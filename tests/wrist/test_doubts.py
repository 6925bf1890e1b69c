"""What sounds like no danger is asked about or noted; short words and answers stand."""

from __future__ import annotations

import pytest

from tests.wrist.conversation import CLEAR, content
from wrist import hearing
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
    heard = hear(finding("blue_hand", doubt=Doubt.SLIGHT))
    assert heard.red_flags == () and heard.asked_flag == "rf_cold_pale_blue"
    later = hear(before=heard, words=3)
    assert later.disposition is Disposition.EMERGENCY_AMBULANCE


def test_a_strong_doubt_notes_it_and_raises_nothing() -> None:
    heard = hear(finding("blue_hand", doubt=Doubt.STRONG))
    assert heard.red_flags == () and heard.asked_flag is None
    assert heard.findings["blue_hand"] is Assertion.HYPOTHETICAL
    again = hear(finding("blue_hand"), before=heard)
    assert again.disposition is Disposition.EMERGENCY_AMBULANCE


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
    now = finding("face_droop", OTHER, doubt=Doubt.SLIGHT, person="grandmother")
    assert hear(now).other_cases[0].red_flags == ("rf_stroke",)


def test_years_that_belong_to_nothing_felt_now_are_no_long_pain() -> None:
    years = Entity(entity="duration", value=3650, start=0, end=1)
    over = finding("blue_hand", doubt=Doubt.STRONG)
    reading = Reading(findings=(over,), entities=(years,), words=12)
    assert hearing.hear(Case(), reading, LIBRARY).red_flags == ()


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

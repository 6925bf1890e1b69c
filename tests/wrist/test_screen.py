"""The check asks what is missing, in order, and is complete only when all is closed."""

from datetime import datetime, timezone

import pytest

from tests.wrist.conversation import Conversation
from wrist import clock, library, screen
from wrist.case import Case
from wrist.models import Assertion, Disposition
from wrist.models_dialogue import Question

LIBRARY = library.load()
DANGER = [question.id for question in LIBRARY.danger]
BEFORE = [question.id for question in LIBRARY.before_massage]
ABSENT, PRESENT = Assertion.ABSENT, Assertion.PRESENT


def denied(*questions: Question) -> dict[str, Assertion]:
    return {finding: ABSENT for one in questions for finding in one.covers}


def test_the_first_question_is_about_danger() -> None:
    question = screen.next_question(Case(), LIBRARY)
    assert question and question.id == DANGER[0] == "injury"


def test_all_questions_about_danger_come_before_the_others() -> None:
    danger_denied = Case(findings=denied(*LIBRARY.danger))
    question = screen.next_question(danger_denied, LIBRARY)
    assert question and question.id in BEFORE


def test_a_question_for_some_is_not_asked_of_others() -> None:
    asked = {q.id for q in screen.open_questions(Case(), LIBRARY.danger)}
    assert not asked & {"injury_signs", "thumb_side"}
    fallen = Case(findings={"fall": PRESENT, "injury": PRESENT})
    asked = {q.id for q in screen.open_questions(fallen, LIBRARY.danger)}
    assert {"injury_signs", "thumb_side"} <= asked


@pytest.mark.parametrize(
    "question",
    [question for question in LIBRARY.danger if not question.closed_by_denial],
    ids=lambda question: question.id,
)
def test_what_was_told_is_not_asked(question: Question) -> None:
    for finding in question.closed_by or question.covers:
        for status in (PRESENT, ABSENT, Assertion.UNCERTAIN):
            assert screen.is_closed(question, Case(findings={finding: status})), finding


@pytest.mark.parametrize("status", [Assertion.PAST, Assertion.HYPOTHETICAL])
def test_what_is_over_or_only_supposed_is_asked(status: Assertion) -> None:
    injury = LIBRARY.questions["injury"]
    assert not screen.is_closed(injury, Case(findings={"injury": status}))


def test_one_condition_told_does_not_close_the_question_about_all() -> None:
    """Who has gout may take a blood thinner too."""
    health = LIBRARY.questions["health"]
    for finding in ("gout", "asthma", "fracture_history", "metalwork", "diabetes"):
        talk = Conversation().say("my wrist aches", "report_pain")
        case = talk.case.but(findings={**talk.case.findings, finding: PRESENT})
        assert not screen.is_closed(health, case), finding
    talk = Conversation().say("i broke this wrist 10 years ago and it is achy now")
    assert not screen.is_closed(health, talk.case)
    talk = Conversation().say("i have gout, my wrist aches a bit")
    assert not screen.is_closed(health, talk.case)


def test_the_check_is_complete_only_when_every_question_is_closed() -> None:
    every = (*LIBRARY.danger, *LIBRARY.before_massage)
    findings = denied(*every)
    for question in every:
        if question.only_if:
            continue
        left = {f: s for f, s in findings.items() if f not in question.covers}
        left = {f: s for f, s in left.items() if f not in question.closed_by}
        done = screen.complete(Case(findings=left), LIBRARY)
        assert done.screen_complete is False or question.id == "age", question.id
    done = screen.complete(Case(findings={**findings, "adult": PRESENT}), LIBRARY)
    assert done.screen_complete and done.screened_on


def test_a_refusal_leaves_the_check_incomplete() -> None:
    findings = denied(*LIBRARY.danger, *LIBRARY.before_massage)
    refused = Case(findings=findings, answers={"health": "refused"})
    assert not screen.complete(refused, LIBRARY).screen_complete


def test_asking_again_forgets_the_older_answer() -> None:
    case = Case(answers={"injury": "refused"})
    asked = screen.ask(case, LIBRARY.questions["injury"])
    assert asked.pending == "injury" and "injury" not in asked.answers
    assert asked.asks == {"injury": 1}


def test_a_detail_lies_on_top_of_the_checks_question() -> None:
    case = screen.ask_detail(Case(pending="injury"), "diabetes_detail")
    assert screen.active(case) == "diabetes_detail"
    back = screen.closed(case, "diabetes_detail", "answered")
    assert screen.active(back) == "injury"


def test_all_fine_denies_only_what_was_not_told() -> None:
    case = Case(findings={"swelling": PRESENT})
    fine = screen.all_absent(case, LIBRARY.open_to_all_fine)
    assert fine.has("swelling")
    assert fine.findings["fever"] is ABSENT


def test_a_stop_check_with_something_new_does_not_pass() -> None:
    new = Case(findings={"fever": PRESENT})
    assert screen.stop_check_passed(new, LIBRARY).answers == {}
    clear = screen.stop_check_passed(Case(), LIBRARY)
    assert {"injury", "nerve", "health"} <= set(clear.answers)


def test_nothing_about_massage_is_asked_of_somebody_who_is_sent_on() -> None:
    case = Case(findings=denied(*LIBRARY.danger), disposition=Disposition.GP_SOON)
    assert screen.next_question(case, LIBRARY) is None


def test_two_refusals_end_the_questions() -> None:
    case = Case(answers={"injury": "refused", "heat_swelling": "refused"})
    assert screen.next_question(case, LIBRARY) is None


def test_the_check_holds_for_the_day_it_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    findings = {**denied(*LIBRARY.danger, *LIBRARY.before_massage), "adult": PRESENT}
    monkeypatch.setattr(
        clock, "now", lambda: datetime(2026, 11, 20, 23, 59, tzinfo=timezone.utc)
    )
    assert screen.complete(Case(findings=findings), LIBRARY).screened_on == "2026-11-20"


@pytest.mark.parametrize("question", LIBRARY.questions.values(), ids=lambda q: q.id)
def test_buttons_of_a_question_answer_it(question: Question) -> None:
    """Whoever presses a button is not asked the same again."""
    for button in question.buttons:
        opened = screen.ask_detail(Case(last_seen=None), question.id)
        if question in (*LIBRARY.danger, *LIBRARY.before_massage):
            opened = screen.ask(Case(), question)
        talk = Conversation(opened).say(button)
        still = screen.active(talk.case) == question.id
        assert not still or talk.case.asked_flag, (button, talk.text)

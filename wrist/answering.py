"""What a message answers of the open question: yes, no, "not sure", a refusal."""

from wrist import screen
from wrist.case import Case
from wrist.findings import KNOWN, TALK, Reading, own, said
from wrist.library import Library
from wrist.models import Assertion
from wrist.models_dialogue import Question

YES_OR_NO = frozenset({"confirm_delete", "start_now"})
EMOJI_QUESTION = "does_it_hurt"
EVASIONS = {"refuse_answer": "answer_refuse", "say_dont_know": "answer_unsure"}
# Guesses about a message that may have been meant as an answer; "thanks" is none.
MAY_ANSWER = frozenset(
    {None, "nlu_fallback", "out_of_scope", "inform_details", "report_pain", "affirm"}
    | {"deny", "correct_information", "doubt_advice", "express_worry"}
    | {"give_pain_score", "report_improvement", "report_worsening"}
)


def answer_question(
    case: Case, reading: Reading, library: Library, intent: str | None = None
) -> Case:
    """Takes yes, no, "not sure" and refusals as answers to the open question."""
    if case.detail == screen.OTHER_DETAIL:
        case = screen.closed(case, case.detail, "answered")
    if said(reading, "all_fine") and not said(reading, "answer_refuse"):
        case = screen.all_absent(case, library.open_to_all_fine)
    active = screen.active(case)
    if active is None:
        return case
    question = library.questions[active]
    state = _state_of_answer(question, case, reading, intent)
    if state is None:
        return case
    if state == screen.WHICH and question.which:
        return screen.turn_to(case, question)
    case = case.but(findings={**case.findings, **_implied(question, case, reading)})
    if active in YES_OR_NO and state == "answered":
        state = "answered_yes" if said(reading, "answer_yes") else "answered_no"
    case = screen.closed(case, active, state)
    if active == "stop_check" and state == "answered":
        case = screen.stop_check_passed(case, library)
    return case


def _state_of_answer(
    question: Question, case: Case, reading: Reading, intent: str | None
) -> str | None:
    mentioned = _mentioned(question, reading)
    if _only_picture(reading) and question.id != EMOJI_QUESTION:
        return None
    if said(reading, "answer_refuse"):
        return "refused"
    if mentioned:
        return "which" if _is_vague(question, reading) else "answered"
    if question.id == "pain_now":
        return "answered" if _gave_score(reading) else None
    if said(reading, "answer_unsure"):
        return "unsure"
    decidable = question.on_yes or question.which or question.id in YES_OR_NO
    denied = said(reading, "answer_no") and decidable
    if denied or any(said(reading, talk) for talk in ("all_fine", "nothing_changed")):
        return "answered"
    if _agrees(question, reading):
        if not decidable:
            return None
        return "which" if question.which and not question.on_yes else "answered"
    details = any(entity.role is None for entity in reading.entities)
    elsewhere = said(reading, "insult") or reading.is_question or details
    if elsewhere or intent not in MAY_ANSWER:
        return None
    return "unsure" if case.asks.get(question.id, 0) > 1 else None


def _agrees(question: Question, reading: Reading) -> bool:
    """A yes; "start the massage" is one where starting was asked, and nowhere else."""
    elsewhere = said(reading, "asks_massage") and question.id not in YES_OR_NO
    return said(reading, "answer_yes") and not elsewhere


def _is_vague(question: Question, reading: Reading) -> bool:
    """Whether "yes, a medicine" is all that was said."""
    told = [f for f in own(reading) if f.id in question.covers and f.status in KNOWN]
    words = {f.text.lower() for f in told if f.status is Assertion.PRESENT}
    return bool(words) and words <= set(question.vague) and said(reading, "answer_yes")


def _only_picture(reading: Reading) -> bool:
    """Whether the answer is an emoji, which is too little to settle a warning sign."""
    talk = [f for f in own(reading) if f.id in TALK]
    return bool(talk) and not any(any(map(str.isalnum, f.text)) for f in talk)


def _gave_score(reading: Reading) -> bool:
    return any(entity.entity == "pain_score" for entity in reading.entities)


def _mentioned(question: Question, reading: Reading) -> set[str]:
    about = set(question.covers) | set(question.closed_by)
    return {f.id for f in own(reading) if f.id in about and f.status in KNOWN}


def _implied(question: Question, case: Case, reading: Reading) -> dict[str, Assertion]:
    """The findings that a bare answer settles."""
    mentioned = _mentioned(question, reading)
    left = [f for f in question.covers if f not in mentioned]
    if said(reading, "answer_refuse"):
        return {}
    if any(
        said(reading, talk) for talk in ("all_fine", "nothing_changed", "answer_no")
    ):
        return {f: Assertion.ABSENT for f in left if not case.has(f)}
    if mentioned:
        return {}
    if _agrees(question, reading):
        return {f: Assertion.PRESENT for f in question.on_yes}
    return {f: Assertion.UNCERTAIN for f in question.unsure if f not in case.findings}

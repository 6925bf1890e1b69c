"""The check before massage: what is open, what comes next, when it is complete.

danger questions -> (nobody to be seen?) -> questions before massage -> complete
"""

from collections.abc import Iterable

from wrist import clock, rules
from wrist.case import Case
from wrist.findings import KNOWN
from wrist.library import Library
from wrist.models import Assertion, Disposition
from wrist.models_dialogue import Question

WHICH = "which"  # a bare yes: settled once the question that asks which is
SETTLED = ("answered", "unsure", "refused")
CHECK = "check"
OTHER_DETAIL = "other_person_detail"
MAX_REFUSALS = 2


def active(case: Case) -> str | None:
    """Id of the question that the user was asked last: a detail, else the check's."""
    return case.detail or case.pending


def is_closed(question: Question, case: Case) -> bool:
    """Whether a question need not be asked: answered, told, or not applicable."""
    if case.answers.get(question.id) == WHICH:
        return case.answers.get(question.which or "") in SETTLED
    if case.answers.get(question.id) in SETTLED:
        return True
    if question.only_if and not rules.holds(question.only_if, case.present, case):
        return True
    closing = question.closed_by or question.covers
    statuses = (Assertion.ABSENT,) if question.closed_by_denial else KNOWN
    return any(case.findings.get(finding) in statuses for finding in closing)


def open_questions(case: Case, questions: Iterable[Question]) -> list[Question]:
    """The questions that still have to be asked, in their order."""
    return [question for question in questions if not is_closed(question, case)]


def next_question(case: Case, library: Library) -> Question | None:
    """The question to ask now, or None when the check has found its result."""
    if sum(state == "refused" for state in case.answers.values()) >= MAX_REFUSALS:
        return None
    danger = open_questions(case, library.danger)
    if danger:
        return _as_asked(danger[0], case, library)
    if not massage_possible(case):
        return None
    before_massage = open_questions(case, library.before_massage)
    return _as_asked(before_massage[0], case, library) if before_massage else None


def _as_asked(question: Question, case: Case, library: Library) -> Question:
    """The question, or the one that asks which where it was answered by a bare yes."""
    turned = case.answers.get(question.id) == WHICH and question.which
    return library.questions[question.which] if turned and question.which else question


def massage_possible(case: Case) -> bool:
    """Whether nothing so far sends the person to a clinician."""
    return not case.disposition.at_least(Disposition.GP_SOON)


def danger_closed(case: Case, library: Library) -> bool:
    """Whether every question about danger is answered or refused."""
    return not open_questions(case, library.danger)


def complete(case: Case, library: Library) -> Case:
    """The case with `screen_complete` set once all of today's questions are closed."""
    questions = (*library.danger, *library.before_massage)
    refused = "refused" in case.answers.values()
    done = not open_questions(case, questions) and not refused
    if not done or case.screen_complete:
        return case
    return case.but(screen_complete=True, screened_on=clock.now().date().isoformat())


def ask(case: Case, question: Question) -> Case:
    """The case with this question of the check open."""
    return _asked(case, question.id).but(thread=CHECK, pending=question.id, detail=None)


def ask_detail(case: Case, question_id: str) -> Case:
    """The case with a detail open on top of whatever the check had asked."""
    return _asked(case, question_id).but(detail=question_id)


def _asked(case: Case, question_id: str) -> Case:
    """Counts the asking and drops an older answer to the same question."""
    answers = {q: state for q, state in case.answers.items() if q != question_id}
    asks = {**case.asks, question_id: case.asks.get(question_id, 0) + 1}
    return case.but(answers=answers, asks=asks)


def turn_to(case: Case, question: Question) -> Case:
    """Goes from a grouped question that got a bare yes to the one that asks which."""
    turned = case.but(answers={**case.answers, question.id: WHICH})
    if case.detail:
        return turned.but(detail=question.which)
    return turned.but(pending=question.which)


def closed(case: Case, question_id: str, state: str) -> Case:
    """The case with a question settled, and a detail taken off the check's question."""
    done = case.but(answers={**case.answers, question_id: state})
    if done.detail == question_id:
        return done.but(detail=None)
    return done.but(pending=None) if done.pending == question_id else done


def stop_check_passed(case: Case, library: Library) -> Case:
    """Closes the whole check after a clear stop-check; a new finding leaves it open."""
    covers = library.questions["stop_check"].covers
    if any(case.has(finding) for finding in covers):
        return case.but(answers={})
    questions = (*library.danger, *library.before_massage)
    answers = {question.id: "answered" for question in questions}
    return case.but(answers={**case.answers, **answers})


def all_absent(case: Case, findings: Iterable[str]) -> Case:
    """ "All fine" makes every finding that was not told as present absent."""
    told = {f: Assertion.ABSENT for f in findings if not case.has(f)}
    return case.but(findings={**told, **case.findings})

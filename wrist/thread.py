"""The thread of the talk: back to what was asked, or to the step that is running."""

from wrist import others, screen
from wrist.case import Case
from wrist.library import Library
from wrist.models_dialogue import Question
from wrist.render import Speech, count_words, fill

CONTINUE = ["Next", "Repeat", "Stop"]


def open_question(case: Case, library: Library) -> Question | None:
    """The question that waits for an answer, less what was told without being asked."""
    active = screen.active(case)
    if active == screen.OTHER_DETAIL:
        return others.question(case, library)
    return library.questions[active] if active else None


def room_for(case: Case, library: Library) -> Speech:
    """An empty message that keeps room for what `resume` will add."""
    active = screen.active(case)
    if active is None and case.in_session:
        at = fill(library.phrases["still_at"].text, library, step=case.step)
        return Speech(library).keep(count_words(at))
    return Speech(library).reserve(open_question(case, library))


def resume(speech: Speech, case: Case, library: Library) -> Speech:
    """Asks the open question again, or names the step that the massage is at."""
    question = open_question(case, library)
    if question:
        return speech.ask(question)
    if case.in_session:
        return speech.phrase("still_at", line=True, step=case.step).offer(CONTINUE)
    return speech

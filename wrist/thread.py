"""The thread of the talk: back to what was asked, or to the step that is running."""

from wrist import screen
from wrist.case import Case
from wrist.library import Library
from wrist.render import Speech, count_words, fill

CONTINUE = ["Next", "Repeat", "Stop"]


def room_for(case: Case, library: Library) -> Speech:
    """An empty message that keeps room for what `resume` will add."""
    active = screen.active(case)
    if active is None and case.in_session:
        at = fill(library.phrases["still_at"].text, library, step=case.step)
        return Speech(library).keep(count_words(at))
    return Speech(library).reserve(library.questions[active] if active else None)


def resume(speech: Speech, case: Case, library: Library) -> Speech:
    """Asks the open question again, or names the step that the massage is at."""
    active = screen.active(case)
    if active:
        return speech.ask_again(library.questions[active])
    if case.in_session:
        return speech.phrase("still_at", line=True, step=case.step).offer(CONTINUE)
    return speech

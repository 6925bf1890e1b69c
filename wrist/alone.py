"""Urgent advice from words alone, where no conversation can be had (domain layer)."""

from wrist import dialogue, hearing, replies
from wrist.case import Case
from wrist.findings import Finding, Reading
from wrist.library import Library
from wrist.models import Assertion
from wrist.render import Message

URGENT = frozenset(
    {dialogue.URGENT_ADVICE, dialogue.OTHER_CASE, dialogue.LANGUAGE_CARD}
)


def urgent_advice(text: str, reading: Reading, library: Library) -> Message | None:
    """The care card that the words call for, or None where they name no danger.

    Nobody can be asked back: what was left unclear counts as present.
    """
    case = hearing.hear(Case(), reading, library)
    if case.asked_flag is not None:
        reading = _taken_as_sure(reading, case.asked_flag)
        case = hearing.hear(Case(), reading, library)
    action = dialogue.next_action(Case(), case, reading, text, None, library)
    if action not in URGENT:
        return None
    ready = dialogue.prepare(action, case, library)
    return replies.make(action, ready.but(pending=None, detail=None), library)


def _taken_as_sure(reading: Reading, flag: str) -> Reading:
    """The reading with the flag that would have been asked about."""
    asked = Finding(id=flag, status=Assertion.PRESENT, text=flag, start=0, end=0)
    return reading.copy(update={"findings": (*reading.findings, asked)})

"""What is said instead of a massage: why it is not coached now, and what to do."""

from wrist import advice, safety, thread, triage
from wrist.case import Case
from wrist.library import Library
from wrist.models import Contraindication
from wrist.render import Message, Speech
from wrist.safety import DEFAULT, Lock

MORE_PAIN = "stop_more_pain"
PLAIN = {Lock.AGE: "locked_age", Lock.UNSURE: "locked_unsure"}


def refusal(
    case: Case,
    lock: Lock,
    library: Library,
    technique: str = DEFAULT,
    opening: str | None = None,
) -> Message:
    """Why a technique is not coached now, and what to do instead."""
    speech = thread.room_for(case, library)
    if opening:
        speech.phrase(opening)
    if lock in PLAIN:
        return speech.phrase(PLAIN[lock]).message()
    if lock is Lock.TOO_PAINFUL:
        return speech.fit(library.levels.too_painful, "too_painful").message()
    if lock is Lock.STOPPED_TODAY:
        return speech.fit(library.stop_signs[MORE_PAIN].say, MORE_PAIN).message()
    reasons = safety.stopping(case, technique, library)
    if lock is Lock.CONTRAINDICATION:
        for item in reasons[:2]:
            speech.fit(item.say, item.id)
        return thread.resume(speech, case, library).message()
    return _refusal_by_level(speech, case, reasons[:1], library)


def _refusal_by_level(
    speech: Speech, case: Case, reasons: list[Contraindication], library: Library
) -> Message:
    flags = triage.standing_reasons(case, library)[:2]
    if flags:
        speech.phrase("locked_urgent", reason=" and ".join(flags))
    for item in reasons:
        speech.fit(item.say, item.id)
    net = library.safety_nets.get(case.disposition)
    if net is None:  # an emergency: its own card says where and how fast
        return advice.standing(case, library)
    speech.fit([net.where, net.how_fast], f"net_{case.disposition.value}")
    return speech.message()

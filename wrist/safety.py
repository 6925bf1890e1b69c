"""Whether a massage may be coached now, and the warnings that go with it."""

from enum import Enum

from wrist import clock, rules
from wrist.case import Case
from wrist.library import Library
from wrist.models import Assertion, Contraindication, Decision, Disposition
from wrist.render import Speech

MAX_PAIN = 5
MOST_RISE = 1  # more than this on the scale of 10 ends a massage
DEFAULT = "self_massage"
STOPPED_TODAY = "stopped_today"  # a finding that the program sets
MASSAGES = frozenset({"self_massage", "self_massage_short", "retrograde_massage"})


class Lock(str, Enum):
    """Why a massage is not coached now, in the order in which it is looked at."""

    URGENT = "urgent"
    AGE = "age"
    CONTRAINDICATION = "contraindication"
    STOPPED_TODAY = "stopped_today"
    UNSURE = "unsure"
    UNCHECKED = "unchecked"
    PAIN_UNKNOWN = "pain_unknown"
    TOO_PAINFUL = "too_painful"


# What the rest of the check opens; the other locks stay shut today.
OPENED_BY_ANSWERS = (Lock.UNCHECKED, Lock.PAIN_UNKNOWN, Lock.TOO_PAINFUL)


def lock(case: Case, technique: str, library: Library) -> Lock | None:
    """The reason not to coach `technique` now, or None when it is safe to."""
    if case.disposition.at_least(Disposition.SAME_DAY) or case.asked_flag:
        return Lock.URGENT
    if case.has("child") or case.has("teen"):
        return Lock.AGE
    if stopping(case, technique, library):
        return Lock.CONTRAINDICATION
    if awaits_clinician(case):
        return Lock.URGENT
    if case.has(STOPPED_TODAY):
        return Lock.STOPPED_TODAY
    if left_unsure(case, library):
        return Lock.UNSURE
    if not checked_today(case):
        return Lock.UNCHECKED
    if case.pain_score is None and case.pain_before is None:
        return Lock.PAIN_UNKNOWN
    if (case.pain_score or 0) > MAX_PAIN:
        return Lock.TOO_PAINFUL
    return None


def barred(case: Case, library: Library, technique: str = DEFAULT) -> Lock | None:
    """A lock that no further answer of today's check opens."""
    locked = lock(case, technique, library)
    return None if locked in OPENED_BY_ANSWERS else locked


def left_unsure(case: Case, library: Library) -> bool:
    """Whether a question of the check was answered "not sure" and never cleared up."""
    clear = {f for f, s in case.findings.items() if s is not Assertion.UNCERTAIN}
    # A kept conversation may name a question that there is no longer.
    unsure = [q for q, state in case.answers.items() if state == "unsure"]
    known = [library.questions[q] for q in unsure if q in library.questions]
    asked = [set(question.covers) for question in known]
    return any(covers and not clear & covers for covers in asked)


def awaits_clinician(case: Case) -> bool:
    """Whether somebody must be seen before a massage, and nobody has allowed it."""
    waits = case.disposition.at_least(Disposition.GP_SOON)
    return waits and not case.has("cleared_by_clinician")


def checked_today(case: Case) -> bool:
    """Whether the screen is complete and not from another day."""
    today = clock.now().date().isoformat()
    return case.screen_complete and case.screened_on in (None, today)


def stopping(case: Case, technique: str, library: Library) -> list[Contraindication]:
    """The contraindications that forbid this technique, or ask a clinician first."""
    kind = "self_massage" if technique == "self_massage_short" else technique
    decisions = {Decision.STOP, Decision.ASK_FIRST}
    if case.has("cleared_by_clinician"):
        decisions = {Decision.STOP}
    return [
        item
        for item in library.contraindications.values()
        if item.decision in decisions
        and kind in item.applies_to
        and rules.holds(item.when, library.evidence(case.findings), case)
    ]


def rose(case: Case) -> bool:
    """Whether the pain is up by two points or more since the massage began."""
    if case.pain_before is None or case.pain_score is None:
        return False
    return case.pain_score - case.pain_before > MOST_RISE


def warn(speech: Speech, case: Case, library: Library) -> Speech:
    """What to watch out for: this person's own reasons first, then the general ones."""
    for item_id in case.news.contraindications or ():
        speech.fit(library.contraindications[item_id].say, item_id)
    if not speech.items:
        for item in library.applying(case)[:2]:
            speech.fit(item.say, item.id)
    if not speech.items:
        speech.fit(library.warnings, "warnings")
    return speech

"""Who to see, how soon, what to bring and ask; no person or place is invented."""

from wrist import advice, triage
from wrist.case import Case
from wrist.library import Library
from wrist.models import Disposition
from wrist.render import Message, Speech

UNKNOWN = (Disposition.INFO_ONLY, Disposition.UNASSESSED)


def refer(case: Case, library: Library) -> Message:
    """Where this person should go and how fast, as far as the case tells."""
    referral = library.referral
    speech = Speech(library)
    leading = triage.leading(case, library) if case.red_flags else None
    if leading and case.disposition.at_least(Disposition.SAME_DAY):
        return advice.standing(case, library)
    soon = referral.how_soon[case.disposition]
    speech.say([soon], f"how_soon_{case.disposition.value}")
    for service in referral.services_for(case.disposition)[:2]:
        how = service.how.copy(update={"say": f"{service.name}: {service.how.say}"})
        speech.fit([how], service.id, line=True)
    speech.fit(referral.tell[:1], "referral_tell").fit(
        referral.bring[:1], "referral_bring"
    )
    points = [speech.fill(s.how.say) for s in referral.services_for(case.disposition)]
    speech.card(
        "care_card", level=case.disposition.value, points=points[:5],
        heading=speech.fill(library.levels.headings[case.disposition]),
    )  # fmt: skip
    if case.disposition in UNKNOWN:
        speech.offer(["Check my wrist"])
    return speech.offer(["What should I bring?", "What should I ask?"]).message()


def no_person(case: Case, library: Library) -> Message:
    """The honest answer to a wish for a person, with the routes that are real."""
    speech = advice.standing_line(Speech(library), case, library)
    speech.say(library.referral.no_person, "referral_no_person")
    return speech.offer(["Who should I see?", "Give me a summary"]).message()

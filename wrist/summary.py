"""The summary to keep or to take to a clinician, as text; and the recall next time."""

from wrist import advice
from wrist.case import Case
from wrist.library import Library
from wrist.models import Assertion
from wrist.render import Message, Speech


def summary(case: Case, library: Library) -> Message:
    """What was told, denied, not asked, refused; level, rules, pain record."""
    speech = Speech(library)
    why = advice.explanation(case, library)
    lines = [
        ("summary_about", _about(case)),
        ("summary_told", _told(case, library)),
        ("summary_not_found", ", ".join(why["not_found"])),
        ("summary_not_asked", ", ".join(why["not_asked"])),
        ("summary_refused", ", ".join(why["refused"])),
        ("summary_pain", "; ".join(_scores(case))),
        ("summary_level", library.levels.names[case.disposition]),
        ("summary_rules", ", ".join(case.red_flags)),
    ]
    speech.phrase("summary_title")
    for phrase, value in lines:
        if value:
            speech.phrase(phrase, line=True, value=value)
    return speech.card(
        "summary", disposition=case.disposition.value, **why, pain=_scores(case)
    ).message()


def _about(case: Case) -> str:
    parts = [
        f"{case.side} wrist" if case.side else "wrist, side not given",
        f"age {case.age}" if case.age else "",
        f"for about {days(case.onset_days)}" if case.onset_days else "",
        f"with {case.trigger}" if case.trigger else "",
    ]
    return ", ".join(part for part in parts if part)


def _told(case: Case, library: Library) -> str:
    told = [
        library.finding_label(finding)
        + (f" (for {days(case.onsets[finding])})" if finding in case.onsets else "")
        for finding, status in case.findings.items()
        if status is Assertion.PRESENT and finding not in library.red_flags
    ]
    return ", ".join(told)


def days(number: float) -> str:
    """A time in words."""
    if number < 1:
        return "less than a day"
    if number < 14:
        return f"{number:.0f} day" + ("s" if number >= 1.5 else "")
    if number < 28:
        return f"{number / 7:.0f} weeks"
    months = round(number / 30)
    return f"{months} month" + ("s" if months > 1 else "")


def _scores(case: Case) -> list[str]:
    return [
        f"{row.on}: {row.before if row.before is not None else '-'} to "
        f"{row.after if row.after is not None else '-'}"
        for row in case.pain_record
    ]


def recall(case: Case, library: Library) -> str:
    """Last time in one line: side, trigger, pain, advice."""
    parts = [f"{case.side} wrist" if case.side else "your wrist"]
    if case.trigger:
        parts.append(case.trigger)
    if case.pain_record:
        last = case.pain_record[-1]
        parts.append(f"pain {last.before} to {last.after}")
    parts.append(f"the advice was: {library.levels.names[case.disposition]}")
    return ", ".join(parts)


def stored(case: Case, library: Library) -> Message:
    """What is stored about this person, in plain words."""
    speech = Speech(library)
    about = any((case.side, case.age, case.onset_days, case.trigger))
    fields = [_about(case) if about else "", _told(case, library)]
    denied = ", ".join(advice.explanation(case, library)["not_found"])
    if denied:
        text = library.phrases["summary_not_found"].text
        fields.append(speech.fill(text, value=denied).rstrip("."))
    fields.append("; ".join(_scores(case)))
    fields += [
        f"{other.person}: {other.disposition.value}" for other in case.other_cases
    ]
    known = [field for field in fields if field]
    if not known:
        return speech.phrase("nothing_stored").message()
    known.append(f"this talk, since {case.started_on}")
    kept = "stored_with_consent" if case.consent else "stored_for_now"
    consent = speech.fill(library.phrases[kept].text)
    speech.phrase("stored", fields="; ".join(known), consent=consent)
    return speech.message()

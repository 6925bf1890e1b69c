"""What a message tells of somebody else: kept apart, and never of the writer."""

from wrist import ages, screen, triage
from wrist.case import Case, OtherCase
from wrist.findings import TALK, Finding, Reading
from wrist.library import Library
from wrist.models import Assertion
from wrist.models_dialogue import Question

UNNAMED = "other"
PRONOUN = "someone"  # who "her" is where the message names nobody
OTHER = "other_person"  # the role of an entity


def about(case: Case, reading: Reading) -> Reading:
    """An answer about somebody else who was asked after tells nothing of the writer."""
    if not answers_for_another(case, reading):
        return reading
    person = case.other_cases[-1].person
    findings = [
        one
        if one.id in TALK or one.person
        else one.copy(update={"person": person, "status": _of_other(one.status)})
        for one in reading.findings
    ]
    entities = [one.copy(update={"role": OTHER}) for one in reading.entities]
    return reading.copy(
        update={"findings": tuple(findings), "entities": tuple(entities)}
    )


def answers_for_another(case: Case, reading: Reading) -> bool:
    """Whether another person was asked after and nothing names the writer."""
    asked = case.detail == screen.OTHER_DETAIL and bool(case.other_cases)
    return asked and not reading.names_writer


def _of_other(status: Assertion) -> Assertion:
    present = status is Assertion.PRESENT
    return Assertion.OTHER_PERSON if present else status


def take_in(case: Case, reading: Reading, library: Library) -> Case:
    """The case with what the message tells of others in `family`.

    Whoever has a red flag gets a case of their own in `other_cases`, whose level is
    never lowered.
    """
    family = {person: dict(found) for person, found in case.family.items()}
    told = [one for one in reading.findings if _is_of_another(one)]
    for one in told:
        present = one.status is Assertion.OTHER_PERSON
        found = family.setdefault(_name(one.person, case), {})
        found[one.id] = Assertion.PRESENT if present else one.status
    person = _name(told[-1].person if told else None, case)
    numbers = {e.entity: e.value for e in reading.entities if e.role == OTHER}
    if "age" in numbers and person in family:
        family[person] |= ages.bands(int(numbers["age"]))
    cases = {other.person: other for other in case.other_cases}
    for name, found in family.items():
        onset = float(numbers["duration"]) if "duration" in numbers else None
        onset = onset if name == person else None
        known = _with_flags(name, found, cases.get(name), onset, library)
        if known:
            cases[name] = known
    return case.but(other_cases=tuple(cases.values()), family=family)


def _is_of_another(finding: Finding) -> bool:
    return finding.person is not None or finding.status is Assertion.OTHER_PERSON


def _name(person: str | None, case: Case) -> str:
    """The person, or who was spoken of last where only a pronoun stands."""
    if person not in (None, PRONOUN):
        return str(person)
    if case.other_cases:
        return case.other_cases[-1].person
    return next(reversed(case.family), UNNAMED)


def _with_flags(
    person: str,
    findings: dict[str, Assertion],
    old: OtherCase | None,
    onset_days: float | None,
    library: Library,
) -> OtherCase | None:
    fired = triage.fired_flags(library.evidence(findings), library)
    if not fired and old is None:
        return None
    known = old or OtherCase(person=person)
    levels = [known.disposition, *(one.level for one in fired)]
    ids = (*known.red_flags, *(one.flag.id for one in fired))
    return OtherCase(
        person=person,
        disposition=min(levels, key=lambda level: level.rank),
        red_flags=tuple(dict.fromkeys(ids)),
        findings=findings,
        onset_days=known.onset_days if onset_days is None else onset_days,
    )


def question(case: Case, library: Library) -> Question | None:
    """What is still to be asked about the person who was spoken of last."""
    whole = library.questions[screen.OTHER_DETAIL]
    if not case.other_cases:
        return whole
    other = case.other_cases[-1]
    known = set(other.findings)
    if known & ages.BANDS:
        known.add("age")
    if other.onset_days is not None:
        known.add("onset")
    left = [part for name, part in whole.parts.items() if name not in known]
    return whole.copy(update={"ask": " ".join(left)}) if left else None

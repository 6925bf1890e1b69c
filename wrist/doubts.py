"""What the second detector makes of the findings by rules (domain layer).

A rule sees words, and many words of danger are harmless: a film, a colleague, years
ago. Where a message would raise a flag by words alone, and the whole of it does not
sound like danger at all, the flag is asked about; where it sounds of anything but
danger, what was said is noted and raises nothing. See docs/safety for the figures.
"""

from wrist import rules, screen
from wrist.case import Case
from wrist.findings import Doubt, Entity, Finding, Reading
from wrist.library import Library
from wrist.models import Assertion, Disposition, RedFlag
from wrist.models_safety import closure

FEWEST_WORDS = 5  # less is an answer or a cry, and the rules know those
ENGLISH = "en"  # the second detector was taught no other
OF_ANOTHER = Assertion.OTHER_PERSON


def weighed(before: Case, heard: Case, reading: Reading, library: Library) -> Reading:
    """The reading as it should be heard, when `heard` is what it would bring."""
    if reading.words < FEWEST_WORDS or reading.language != ENGLISH:
        return reading
    if screen.active(before) or before.asked_flag or before.in_session:
        return reading
    flags = _new_flags(before, heard, library)
    if not flags or not any(one.doubt for one in reading.findings):
        return reading
    findings = tuple(_weighed(one, flags, library) for one in reading.findings)
    entities = tuple(one for one in reading.entities if not _is_idle(one, reading))
    return reading.copy(update={"findings": findings, "entities": entities})


def _is_idle(entity: Entity, reading: Reading) -> bool:
    """Whether a time belongs to nothing that is felt now: "fine for ten years"."""
    doubted = [one.doubt is Doubt.STRONG for one in reading.findings if not one.by]
    return entity.entity == "duration" and all(doubted)


def _new_flags(before: Case, heard: Case, library: Library) -> list[RedFlag]:
    """What the message would raise: the writer's flags, and those of others."""
    known = {one.person: set(one.red_flags) for one in before.other_cases}
    ids = set(heard.red_flags) - set(before.red_flags)
    for other in heard.other_cases:
        ids |= set(other.red_flags) - known.get(other.person, set())
    return [library.red_flags[flag] for flag in sorted(ids)]


def _weighed(finding: Finding, flags: list[RedFlag], library: Library) -> Finding:
    if finding.doubt is None:
        return finding
    raised = [flag for flag in flags if supports(finding, flag, library)]
    if not raised:
        return finding
    if finding.status is OF_ANOTHER:
        strong = finding.doubt is Doubt.STRONG
        return finding.copy(update={"status": Assertion.PAST}) if strong else finding
    if finding.status is not Assertion.PRESENT:
        return finding
    if finding.doubt is Doubt.STRONG:
        return finding.copy(update={"status": Assertion.HYPOTHETICAL})
    if any(flag.level.at_least(Disposition.SAME_DAY) for flag in raised):
        return finding.copy(update={"status": Assertion.UNCERTAIN})
    return finding


def supports(finding: Finding, flag: RedFlag, library: Library) -> bool:
    """Whether a finding, or what it implies, is named by a rule of this flag."""
    implied = closure([finding.id], library.triage.implies)
    return not rules.findings_of(flag).isdisjoint(implied)

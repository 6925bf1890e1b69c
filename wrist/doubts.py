"""What the second detector makes of the findings by rules (domain layer).

A rule sees words, and many words of danger are harmless: a film, a colleague, years
ago. What would raise a flag by words alone:

    the passage sounds   a little like danger    like anything but danger
    a flag for today     is asked about          few words: asked about; else noted
    a milder flag        stands                  few words: stands; else noted
    for today, of others is noted                is noted

What is noted raises nothing. `make evaluate` gives the figures, docs/safety the risk.
"""

from wrist import rules, screen
from wrist.case import Case
from wrist.findings import ENGLISH, TALK, Doubt, Entity, Finding, Reading
from wrist.library import Library
from wrist.models import Assertion, Disposition, RedFlag
from wrist.models_safety import closure

FEWEST_WORDS = 5  # less is an answer or a cry, and the rules know those
FEWEST_TO_SILENCE = 9  # less tells too little of what stands around the words
MOST_DENIED = 3  # flags that were asked about: then only emergencies are
FELT = (Assertion.PRESENT, Assertion.UNCERTAIN)
OF_ANOTHER = Assertion.OTHER_PERSON


def weighed(before: Case, heard: Case, reading: Reading, library: Library) -> Reading:
    """The reading as it should be heard, when `heard` is what it would bring."""
    if reading.words < FEWEST_WORDS or reading.language != ENGLISH:
        return reading
    if screen.active(before) or before.asked_flag or before.in_session:
        return reading
    if before.disposition.at_least(Disposition.SAME_DAY):
        return reading  # more about a danger that stands
    flags = _new_flags(before, heard, library)
    if not flags or not any(one.doubt for one in reading.findings if not one.by):
        return reading
    findings = tuple(_weighed(one, flags, reading, library) for one in reading.findings)
    entities = tuple(one for one in reading.entities if not _is_idle(one, reading))
    return reading.copy(update={"findings": findings, "entities": entities})


def _is_idle(entity: Entity, reading: Reading) -> bool:
    """Whether a time belongs to nothing that is felt now: "fine for ten years"."""
    told = [one for one in reading.findings if not one.by and one.id not in TALK]
    doubted = [one.doubt is Doubt.STRONG for one in told]
    return entity.entity == "duration" and all(doubted)


def without_guesses(before: Case, reading: Reading, library: Library) -> Reading:
    """The reading without what the second detector only guesses from here.

    Once the check has begun, short words belong to what was asked, and the check asks
    after every sign anyway: only what it is very sure of counts there. In a massage a
    stop sign says it all: "my thumb went numb" is no stroke. A reason against massage
    that was told brings its own question. Who denied flag after flag reads no further
    question with care.
    """
    if not any(one.by for one in reading.findings):
        return reading
    found = [one for one in reading.findings if one.by is None and one.status in FELT]
    named = {one.id for one in found}
    signs = library.stop_signs.values()
    if before.in_session and any(rules.holds(s.when, named) for s in signs):
        kept = [one for one in reading.findings if one.by is None]
    elif before.asks or before.in_session:
        kept = [one for one in reading.findings if one.by is None or one.doubt is None]
    else:
        fewer = library.names_a_contraindication(named) or _is_tired(before, library)
        kept = [f for f in reading.findings if not (fewer and _is_a_hint(f, library))]
    return reading.copy(update={"findings": tuple(kept)})


def _is_tired(before: Case, library: Library) -> bool:
    """Whether enough flags were asked about and clearly denied."""
    denied = [f for f, s in before.findings.items() if s is Assertion.ABSENT]
    return len(library.red_flags.keys() & denied) >= MOST_DENIED


def _is_a_hint(finding: Finding, library: Library) -> bool:
    """Whether it is half sure, and of something that is no emergency."""
    if finding.by is None or finding.status is not Assertion.UNCERTAIN:
        return False
    return not _is_emergency(library.red_flags[finding.id].level)


def _new_flags(before: Case, heard: Case, library: Library) -> list[RedFlag]:
    """What it would raise or ask about: the writer's flags, and those of others."""
    known = {one.person: set(one.red_flags) for one in before.other_cases}
    asked = {heard.asked_flag} if heard.asked_flag else set()
    ids = asked | set(heard.red_flags) - set(before.red_flags)
    for other in heard.other_cases:
        ids |= set(other.red_flags) - known.get(other.person, set())
    return [library.red_flags[flag] for flag in sorted(ids)]


def _weighed(
    finding: Finding, flags: list[RedFlag], reading: Reading, library: Library
) -> Finding:
    if finding.doubt is None or finding.by is not None:
        return finding
    flags = [flag for flag in flags if supports(finding, flag, library)]
    if not flags:
        return finding
    urgent = any(flag.level.at_least(Disposition.SAME_DAY) for flag in flags)
    strong = finding.doubt is Doubt.STRONG and reading.words >= FEWEST_TO_SILENCE
    if finding.status is OF_ANOTHER:
        return _with(finding, Assertion.PAST) if strong or urgent else finding
    if finding.status not in FELT:
        return finding
    if strong:
        return _with(finding, Assertion.HYPOTHETICAL)
    if not urgent or finding.id in library.triage.suggests:  # it is asked about anyway
        return finding
    return _with(finding, Assertion.UNCERTAIN)


def _with(finding: Finding, status: Assertion) -> Finding:
    return finding.copy(update={"status": status})


def _is_emergency(level: Disposition) -> bool:
    return level.at_least(Disposition.EMERGENCY_DEPARTMENT)


def supports(finding: Finding, flag: RedFlag, library: Library) -> bool:
    """Whether a rule of this flag names a finding, or what it implies or asks about."""
    brought = closure([finding.id], library.brings)
    return not rules.findings_of(flag).isdisjoint(brought)

"""Sorts a case by urgency; the highest red flag wins, only a new check lowers it."""

from collections.abc import Set
from typing import NamedTuple

from wrist import rules, screen
from wrist.case import Case
from wrist.library import Library
from wrist.models import Assertion, Decision, Disposition, RedFlag, Sentence, Variant

URGENT = Disposition.SAME_DAY
PERSONAL = frozenset({Disposition.CRISIS, Disposition.SAFEGUARDING})


class FiredFlag(NamedTuple):
    """A red flag that holds, with the level and advice of the rule that matched."""

    flag: RedFlag
    level: Disposition
    reason: str
    heading: str | None
    points: tuple[Sentence, ...]

    @classmethod
    def of(cls, flag: RedFlag, variant: Variant | None = None) -> "FiredFlag":
        """By its own rule or by a variant, whose words go before those of the flag."""
        return cls(
            flag,
            variant.level if variant else flag.level,
            (variant and variant.reason) or flag.reason,
            (variant and variant.heading) or flag.heading,
            (variant and variant.points) or flag.points,
        )


def fired_flags(
    findings: Set[str], library: Library, case: Case | None = None
) -> list[FiredFlag]:
    """The red flags that these present findings fire, most urgent first."""
    fired = []
    for flag in library.flags_touched_by(findings):
        match = _matching_rule(flag, findings, case)
        if match:
            fired.append(match)
    return sorted(fired, key=lambda one: one.level.rank)


def _matching_rule(
    flag: RedFlag, findings: Set[str], case: Case | None
) -> FiredFlag | None:
    for variant in flag.variants:
        if rules.holds(variant.when, findings, case):
            return FiredFlag.of(flag, variant)
    if rules.holds(flag.when, findings, case):
        return FiredFlag.of(flag)
    return None


def only_sounds_like(case: Case, flag: RedFlag, library: Library) -> bool:
    """Whether no rule fires this flag by what was said in so many words."""
    if flag.id not in case.sounds_like:
        return False
    said = {f: status for f, status in case.findings.items() if f != flag.id}
    return _matching_rule(flag, library.evidence(said), case) is None


def unclear_flag(case: Case, library: Library) -> RedFlag | None:
    """The most urgent flag that only the uncertain findings keep from firing."""
    uncertain = {f for f, s in case.findings.items() if s is Assertion.UNCERTAIN}
    uncertain |= {
        graver
        for finding, graver in library.triage.suggests.items()
        if case.has(finding) and graver not in case.findings
    }
    if not uncertain:
        return None
    sure = {one.flag.id for one in fired_flags(_evidence(case, library), library, case)}
    supposed = {**case.findings, **dict.fromkeys(uncertain, Assertion.PRESENT)}
    for one in fired_flags(library.evidence(supposed), library, case):
        if one.flag.id not in sure and one.level.at_least(URGENT):
            return one.flag
    return None


def assess(case: Case, library: Library) -> Case:
    """The case with its red flags and disposition decided from everything known."""
    fired = fired_flags(_evidence(case, library), library, case)
    ids = tuple(one.flag.id for one in fired)
    level = _level(case, fired, library)
    if case.rechecking:
        if not case.screen_complete:
            return case.but(red_flags=_union(case.red_flags, ids))
        return case.but(red_flags=ids, disposition=level, rechecking=False)
    return case.but(
        red_flags=_union(case.red_flags, ids),
        disposition=min(case.disposition, level, key=lambda d: d.rank),
        injury_disposition=_injury_level(case, fired),
    )


def _evidence(case: Case, library: Library) -> frozenset[str]:
    return library.evidence(case.findings)


def _union(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(old + new))


def _level(case: Case, fired: list[FiredFlag], library: Library) -> Disposition:
    if fired:
        return fired[0].level
    if screen.danger_closed(case, library) and needs_permission(case, library):
        return Disposition.GP_SOON
    if case.screen_complete:
        return Disposition.SELF_CARE
    refused = any(state == "refused" for state in case.answers.values())
    return Disposition.UNASSESSED if refused else Disposition.INFO_ONLY


def needs_permission(case: Case, library: Library) -> bool:
    """Whether a condition of the user's asks for a clinician's word before massage."""
    return any(
        item.decision is Decision.ASK_FIRST
        and "self_massage" in item.applies_to
        and rules.holds(item.when, _evidence(case, library), case)
        for item in library.contraindications.values()
    )


def _injury_level(case: Case, fired: list[FiredFlag]) -> Disposition | None:
    """The level of the injury itself beside a crisis or safeguarding."""
    if not any(one.level in PERSONAL for one in fired):
        return case.injury_disposition
    injury = [one.level for one in fired if one.level not in PERSONAL]
    return min(injury, key=lambda d: d.rank) if injury else Disposition.SAME_DAY


def leading(case: Case, library: Library) -> FiredFlag | None:
    """The fired flag whose card is shown: the one that set the standing disposition."""
    ids = set(case.red_flags)
    fired = fired_flags(_evidence(case, library), library, case)
    for one in fired:
        if one.level is case.disposition:
            return one
    standing = [f for f in library.red_flags.values() if f.id in ids]
    if not standing:
        return None
    return FiredFlag.of(min(standing, key=lambda flag: flag.level.rank))


def standing_reasons(case: Case, library: Library) -> list[str]:
    """Why each red flag stands, in the order in which they came."""
    fired = fired_flags(_evidence(case, library), library, case)
    reasons = {one.flag.id: one.reason for one in fired}
    return [
        reasons.get(flag) or library.red_flags[flag].reason for flag in case.red_flags
    ]

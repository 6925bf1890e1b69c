"""Models of the safety content that `models.py` has no shape for; domain layer."""

from collections.abc import Collection, Mapping

from wrist.models import Content, Sentence


class TriageExtras(Content):
    """The mappings of triage.yml beside its red flags, patterns and safety nets."""

    implies: dict[str, tuple[str, ...]]
    suggests: dict[str, str]
    past_counts: tuple[str, ...]
    follow_ups: dict[str, tuple[str, ...]]
    if_better: dict[str, Sentence]
    no_way_there: Sentence


class LanguageCard(Content):
    """The fixed emergency card of one language, in that language."""

    heading: str
    points: tuple[str, ...]
    sources: tuple[str, ...]


class EmergencyLanguage(Content):
    """How one language is noticed and which of its phrases name which finding."""

    code: str
    name: str
    detect: tuple[str, ...]
    finding: dict[str, str]
    card: LanguageCard
    massage_no: str

    @property
    def words(self) -> tuple[str, ...]:
        """The emergency words and phrases, longest first."""
        return tuple(sorted(self.finding, key=len, reverse=True))


class CardLine(Content):
    """One line of the card in all languages."""

    code: str
    text: str


class MultiCard(Content):
    """What is said in a language that is not supported."""

    heading: str
    lines: tuple[CardLine, ...]
    sources: tuple[str, ...]


def closure(
    findings: Collection[str], implies: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """The findings with all that they imply, directly or through one another."""
    known = set(findings)
    waiting = list(findings)
    while waiting:
        new = set(implies.get(waiting.pop(), ())) - known
        known |= new
        waiting.extend(new)
    return frozenset(known)

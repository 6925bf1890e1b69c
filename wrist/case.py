"""The case: everything the conversation knows, kept as slots.

Each field is a slot of the same name and JSON in the tracker; a Case never changes,
a new one is made.
"""

from typing import Any

from pydantic import BaseModel

from wrist.models import Assertion, Disposition

PRESENT = Assertion.PRESENT


class OtherCase(BaseModel, frozen=True):
    """What is known of another person, with the advice for them."""

    person: str
    disposition: Disposition = Disposition.INFO_ONLY
    red_flags: tuple[str, ...] = ()
    findings: dict[str, Assertion] = {}
    onset_days: float | None = None


class News(BaseModel, frozen=True):
    """What the last message brought; empty again with the next one."""

    red_flags: tuple[str, ...] = ()
    contraindications: tuple[str, ...] = ()
    stop_signs: tuple[str, ...] = ()
    hypothetical: tuple[str, ...] = ()
    other: str | None = None
    answered: tuple[str, ...] = ()
    language: str = "en"
    resolved_flag: str | None = None
    corrected: bool = False
    detail: bool = False  # since when, where or from what, which no question asked
    side: bool = False  # another one than was told before
    barred: bool = False  # what was told ended the massage


class PainScore(BaseModel, frozen=True):
    """One line of the pain record: NPRS 0 to 10 before and after a session."""

    on: str
    technique: str
    before: int | None = None
    after: int | None = None


class Case(BaseModel, frozen=True):
    """All slots of a conversation; the defaults are a conversation that just began."""

    disposition: Disposition = Disposition.INFO_ONLY
    red_flags: tuple[str, ...] = ()
    asked_flag: str | None = None
    findings: dict[str, Assertion] = {}
    onsets: dict[str, float] = {}
    sounds_like: tuple[str, ...] = ()  # flags that no rule found
    screen_complete: bool = False
    screened_on: str | None = None
    injury_disposition: Disposition | None = None
    result_told: Disposition | None = None
    other_cases: tuple[OtherCase, ...] = ()
    family: dict[str, dict[str, Assertion]] = {}

    thread: str | None = None
    pending: str | None = None
    detail: str | None = None
    answers: dict[str, str] = {}
    asks: dict[str, int] = {}
    news: News = News()

    side: str | None = None
    location: str | None = None
    trigger: str | None = None
    injury: str | None = None
    onset_days: float | None = None
    age: int | None = None
    pain_score: int | None = None

    wanted: str | None = None
    technique: str | None = None
    step: int | None = None
    paused: bool = False
    skipped: tuple[int, ...] = ()
    pain_before: int | None = None
    pain_after: int | None = None
    pain_record: tuple[PainScore, ...] = ()

    consent: bool | None = None
    language: str = "en"
    started_on: str | None = None
    last_seen: str | None = None
    rechecking: bool = False
    erase: bool = False

    @classmethod
    def from_slots(cls, slots: dict[str, Any]) -> "Case":
        """The case that these slot values hold; empty slots take the defaults."""
        known = {
            name: value
            for name, value in slots.items()
            if name in cls.__fields__ and value is not None
        }
        return cls.parse_obj(known)

    def to_slots(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return {name: jsonable(getattr(self, name)) for name in self.__fields__}

    def changes_since(self, before: "Case") -> dict[str, Any]:
        """The slots that differ from `before`, as JSON values."""
        return {
            name: jsonable(getattr(self, name))
            for name in self.__fields__
            if getattr(before, name) != getattr(self, name)
        }

    def but(self, **changes: Any) -> "Case":
        """A copy with some fields changed."""
        return self.copy(update=changes)

    def has(self, finding: str) -> bool:
        """Whether the user has this finding now."""
        return self.findings.get(finding) is PRESENT

    @property
    def present(self) -> frozenset[str]:
        """Ids of the findings that the user has now."""
        return frozenset(f for f, status in self.findings.items() if status is PRESENT)

    @property
    def in_session(self) -> bool:
        """Whether a guided massage is running or paused."""
        return self.step is not None


def jsonable(value: Any) -> Any:
    """`value` with enums as strings, tuples as lists and models as mappings."""
    if isinstance(value, BaseModel):
        return jsonable(value.dict())
    if isinstance(value, dict):
        return {str(getattr(k, "value", k)): jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    return getattr(value, "value", value)

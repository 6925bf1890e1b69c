"""What a message says: findings, entities and whether it asks (pure data, no spaCy)."""

from enum import Enum

from pydantic import BaseModel

from wrist.models import Assertion

ENGLISH = "en"  # all that the second detector was taught
LIKENESS = "likeness"  # found by the second detector
KNOWN = (Assertion.PRESENT, Assertion.ABSENT, Assertion.UNCERTAIN)
# What is said in a conversation rather than of a wrist.
TALK = frozenset(
    {"answer_yes", "answer_no", "answer_unsure", "answer_refuse", "all_fine", "insult"}
    | {"nothing_changed", "asks_massage", "checked_before", "wants_deep_tissue"}
    | {"answer_gone"}
)


class Doubt(str, Enum):
    """What a second reading of the whole passage makes of a finding in it."""

    SLIGHT = "slight"
    STRONG = "strong"


class Finding(BaseModel, frozen=True):
    """One observation; `start` and `end` are offsets in the text as it was sent.

    `by` is None where a rule found it; `doubt` is None where nothing speaks against it.
    """

    id: str
    status: Assertion
    text: str
    start: int
    end: int
    onset_days: float | None = None
    person: str | None = None
    by: str | None = None
    doubt: Doubt | None = None


class Entity(BaseModel, frozen=True, smart_union=True):
    """A span with a value; `role` is `other_person` where it is not about the user."""

    entity: str
    value: str | int | float
    start: int
    end: int
    role: str | None = None


class Reading(BaseModel, frozen=True):
    """All that the rules found in one message."""

    findings: tuple[Finding, ...] = ()
    entities: tuple[Entity, ...] = ()
    is_question: bool = False
    names_writer: bool = True  # by "I", "my" or "me"
    names_other: bool = False  # "my mum", "she"
    words: int = 0
    language: str = ENGLISH


def own(reading: Reading) -> list[Finding]:
    """The findings of a message that are about the user."""
    return [
        f
        for f in reading.findings
        if f.person is None and f.status is not Assertion.OTHER_PERSON
    ]


def said(reading: Reading, finding: str) -> bool:
    """Whether the message says this of the user as present."""
    return any(f.id == finding and f.status is Assertion.PRESENT for f in own(reading))

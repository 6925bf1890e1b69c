"""What a message says: findings, entities and whether it asks (pure data, no spaCy)."""

from pydantic import BaseModel

from wrist.models import Assertion


class Finding(BaseModel, frozen=True):
    """One observation; `start` and `end` are offsets in the text as it was sent."""

    id: str
    status: Assertion
    text: str
    start: int
    end: int
    onset_days: float | None = None
    person: str | None = None


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
    language: str = "en"

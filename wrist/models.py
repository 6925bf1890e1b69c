"""What the content files hold: frozen models that refuse unknown keys."""

import re
from datetime import date
from enum import Enum
from typing import Any

from pydantic import BaseModel, Field, root_validator, validator

SEED_LINE = re.compile(r"^seed:[AB]:\d{1,3}$")
ID = re.compile(r"^[a-z][a-z0-9_]*$")


class Disposition(str, Enum):
    """Result of triage; the order of members is the order of urgency."""

    EMERGENCY_AMBULANCE = "emergency_ambulance"
    CRISIS = "crisis"
    SAFEGUARDING = "safeguarding"
    EMERGENCY_DEPARTMENT = "emergency_department"
    SAME_DAY = "same_day"
    GP_SOON = "gp_soon"
    SELF_CARE = "self_care"
    UNASSESSED = "unassessed"
    INFO_ONLY = "info_only"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return list(Disposition).index(self)

    def at_least(self, other: "Disposition") -> bool:
        """Whether this is as urgent as `other` or more."""
        return self.rank <= other.rank


class Status(str, Enum):
    """What became of a seed's sentence on its way to ours."""

    KEPT = "kept"
    HEDGED = "hedged"
    CORRECTED = "corrected"
    DECLINED = "declined"
    ADDED = "added"


class Assertion(str, Enum):
    """How a message speaks of a finding."""

    PRESENT = "present"
    ABSENT = "absent"
    PAST = "past"
    HYPOTHETICAL = "hypothetical"
    OTHER_PERSON = "other_person"
    UNCERTAIN = "uncertain"


class Decision(str, Enum):
    """What a contraindication does to a technique."""

    STOP = "stop"
    ASK_FIRST = "ask_first"
    MODIFY = "modify"
    CORRECT = "correct"
    INFO = "info"


MAX_POINTS = 5
NEVER_EMPTY = ("say", "sources", "points", "steps", "do", "about", "applies_to", "why")


class Content(BaseModel):
    """Base of everything read from `wrist/content`."""

    class Config:
        extra = "forbid"
        frozen = True

    @root_validator(skip_on_failure=True)
    def _nothing_empty(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in NEVER_EMPTY:
            if values.get(name) == () and cls.__fields__[name].required:
                raise ValueError(f"{name} is empty")
        if len(values.get("points", ())) > MAX_POINTS:
            raise ValueError(f"a care card has at most {MAX_POINTS} points")
        return values


def check_id(value: str) -> str:
    if not ID.match(value):
        raise ValueError(f"{value!r} is not a snake_case id")
    return value


class Source(Content):
    """Where a sentence comes from; `seen` tells how closely it was read."""

    publisher: str
    title: str
    address: str
    seen: str  # publisher | copy | secondary | unseen


class Sentence(Content):
    """One sentence or two that belong together, with the ids of its sources."""

    say: str
    sources: tuple[str, ...]
    status: Status | None = None


class Reviewed(Content):
    """Something medical: who checked it and when."""

    id: str
    status: Status
    reviewed_on: date
    signed_off_by: str | None = None
    _id = validator("id", allow_reuse=True)(check_id)


class Coaching(str, Enum):
    """What an answer tells people how to do, by its name in `applies_to`."""

    MASSAGE = "self_massage"
    RETROGRADE = "retrograde_massage"
    HEAT = "heat"
    COLD = "cold"
    OILS = "oils"
    STRETCHES = "stretches"


class Answer(Reviewed):
    """Answer to one question; its id is the topic of the intent `faq/<id>`.

    One that `coaches` tells how to do something that a red flag forbids.
    """

    question: str
    say: tuple[Sentence, ...]
    more: tuple[Sentence, ...] = ()
    covers: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    coaches: Coaching | None = None
    ask: str | None = None
    offer: tuple[str, ...] = ()


class Severity(str, Enum):
    """How much a seed's claim could hurt."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Correction(Reviewed):
    """A claim of the seed articles that is never repeated."""

    ref: str
    seed: tuple[str, ...]
    severity: Severity
    claim: str
    why: tuple[Sentence, ...]
    instead: tuple[Sentence, ...] = ()
    never_say: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


class When(Content):
    """A rule over findings: any of the lists, and of that list all.

    `at_least` asks for a number of the findings in `of` instead;
    `function` names a predicate of `wrist.rules` for anything cleverer.
    """

    any_of: tuple[frozenset[str], ...] = ()
    at_least: int = 0
    of: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    function: str | None = None


class Variant(Content):
    """Another level and advice of a red flag under a narrower rule."""

    level: Disposition
    when: When
    reason: str | None = None
    heading: str | None = None
    points: tuple[Sentence, ...] = ()


class RedFlag(Reviewed):
    """A finding or combination that needs assessment, with its care card."""

    level: Disposition
    reason: str
    when: When
    variants: tuple[Variant, ...] = ()
    heading: str | None = None
    points: tuple[Sentence, ...]
    if_doubted: Sentence | None = None
    adds: Sentence | None = None
    unclear_question: str | None = None
    even_if_gone: bool = False  # "no, it has gone" is no clear no to the question
    also_ask: str | None = None


class SelfCarePattern(Reviewed):
    """A pattern where self-care is fine, with what to do and for how long."""

    reason: str
    when: When
    say: tuple[Sentence, ...]


class Contraindication(Reviewed):
    """A reason not to massage, heat, cool or oil, or to do it differently."""

    who: str
    applies_to: tuple[str, ...]
    decision: Decision
    when: When
    say: tuple[Sentence, ...]


class StopSign(Reviewed):
    """What, felt during a massage, ends it at once."""

    what: str
    when: When
    say: tuple[Sentence, ...]


class Step(Content):
    """One instruction of a technique."""

    id: str
    do: tuple[Sentence, ...]
    again: str
    seconds: int = Field(ge=0)
    pressure: str
    alt: str


class Technique(Reviewed):
    """A named massage, self-given or told."""

    name: str
    coached: bool
    about: tuple[Sentence, ...]
    prepare: tuple[Sentence, ...] = ()
    stop_rule: tuple[Sentence, ...] = ()
    steps: tuple[Step, ...]
    after: tuple[Sentence, ...] = ()


class Service(Reviewed):
    """Somebody to be referred to."""

    name: str
    for_what: Sentence
    how: Sentence


class Region(Content):
    """Numbers, services and wording of one part of the world."""

    id: str
    name: str
    words: dict[str, str]
    sources: dict[str, tuple[str, ...]] = {}


class SafetyNet(Content):
    """What to watch for after a disposition: what, how fast, where, time course."""

    disposition: Disposition
    watch: tuple[Sentence, ...]
    how_fast: Sentence
    where: Sentence
    how_long: Sentence
    short: tuple[Sentence, ...] = ()

"""Models of the talk itself: questions, phrases, headings and names of the levels."""

from pydantic import Field, validator

from wrist.models import Content, Disposition, Sentence, When, check_id


class Question(Content):
    """A question of the check, or a detail asked after an answer.

    `parts` are what it asks one by one, by what closes each of them.
    `again` is its short form after an answer to something else.
    `covers` are the findings that it asks about; it is closed as soon as one of
    `closed_by` (default `covers`) is known. A bare yes makes `on_yes` present, or
    leads to `which` where several findings are asked at once; a bare no makes all
    of `covers` absent. Words of `vague` beside a yes lead to `which` as well. A
    question with neither asks for more than yes or no. "Not sure" makes `unsure`
    uncertain.
    """

    id: str
    ask: str
    parts: dict[str, str] = Field(default_factory=dict)
    again: str | None = None
    why: Sentence
    covers: tuple[str, ...]
    closed_by: tuple[str, ...] = ()
    closed_by_denial: bool = False
    on_yes: tuple[str, ...] = ()
    which: str | None = None
    vague: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    only_if: When | None = None
    buttons: tuple[str, ...] = ()
    _id = validator("id", allow_reuse=True)(check_id)


class Phrase(Content):
    """Something the assistant says about itself or the talk; nothing medical."""

    id: str
    text: str
    buttons: tuple[str, ...] = ()
    _id = validator("id", allow_reuse=True)(check_id)


class Levels(Content):
    """Headings and names of the dispositions, and words for findings."""

    headings: dict[Disposition, str]
    names: dict[Disposition, str]
    labels: dict[str, str]
    default_unclear_question: str
    not_found_first: tuple[str, ...]
    danger_findings: tuple[str, ...]
    need_company: tuple[str, ...]
    too_painful: tuple[Sentence, ...]
    hypothetical: tuple[Sentence, ...]

"""Checks that every id named in the content exists; raises on the first fault."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from wrist.models import SEED_LINE, Sentence

if TYPE_CHECKING:
    from wrist.library import Library

BRACES = re.compile(r"{(\w+)}")


class DanglingReference(Exception):
    """An id that nothing in the content has, named by `item`, which says `text`."""

    def __init__(self, item: str, fault: str, text: str = "") -> None:
        super().__init__(f"{item}: {fault}")
        self.item = item
        self.text = text


def check(library: "Library") -> None:
    """Raises DanglingReference naming the item and the id that does not exist."""
    for item, sentence in sentences(library):
        _check_sources(item, sentence, library)
        _check_words(item, sentence.say, library)
    for answer in library.answers.values():
        _known(answer.id, answer.offer, library.answers, "offer")
        _known(answer.id, answer.corrections, library.corrections_by_ref, "correction")
        _known(answer.id, filter(None, [answer.ask]), library.questions, "question")
    for correction in library.corrections.values():
        _known(correction.id, correction.topics, library.answers, "topic")
    for question in library.questions.values():
        _known(question.id, filter(None, [question.which]), library.questions, "which")
    _known("follow_ups", library.triage.follow_ups, library.red_flags, "red flag")
    _known("if_better", library.triage.if_better, library.red_flags, "red flag")
    for name in ("headings", "names"):
        _known(name, library.safety_nets, getattr(library.levels, name), "disposition")


def sentences(library: "Library") -> Iterator[tuple[str, Sentence]]:
    """Every sourced sentence of the content with the id of its item."""
    for kind in vars(library).values():
        items = kind.values() if isinstance(kind, dict) else [kind]
        for item in items:
            yield from _sentences_in(item, getattr(item, "id", type(item).__name__))


def _sentences_in(value: Any, item: str) -> Iterator[tuple[str, Sentence]]:
    if isinstance(value, Sentence):
        yield item, value
        return
    for one in _parts(value):
        named = isinstance(value, list | tuple)
        yield from _sentences_in(one, getattr(one, "id", item) if named else item)


def _parts(value: Any) -> Iterable[Any]:
    """What a model, a table or a list is made of; nothing of anything else."""
    if isinstance(value, BaseModel):
        return [getattr(value, name) for name in value.__fields__]
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def reviewed(library: "Library") -> Iterator[tuple[str, date]]:
    """What was compared with its sources, as "kind: id", and the day of it."""
    for kind in fields(library):
        yield from _reviewed_in(getattr(library, kind.name), kind.name)


def _reviewed_in(value: Any, kind: str) -> Iterator[tuple[str, date]]:
    if (day := getattr(value, "reviewed_on", None)) is not None:
        named = getattr(value, "id", None)
        yield f"{kind}: {named}" if named else kind, day
    for one in _parts(value):
        yield from _reviewed_in(one, kind)


def _check_sources(item: str, sentence: Sentence, library: "Library") -> None:
    for source in sentence.sources:
        if source not in library.sources and not SEED_LINE.match(source):
            raise DanglingReference(item, f"no source {source!r}", sentence.say)


def _check_words(item: str, text: str, library: "Library") -> None:
    for word in BRACES.findall(text):
        if word not in library.region.words:
            raise DanglingReference(item, f"region has no word {{{word}}}", text)


def _known(item: str, names: Iterable[Any], known: Any, kind: str) -> None:
    for name in names:
        if name not in known:
            raise DanglingReference(item, f"no {kind} {name!r}")

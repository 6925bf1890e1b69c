"""Makes each message once: text complete in itself, buttons, items said, their sources.

Speech(library, region words) -> say(...), phrase(...), ask(...) -> Message -> channel
"""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from wrist.library import Library
from wrist.models import Sentence
from wrist.models_dialogue import Question

MAX_WORDS = 60
NOT_MEDICAL = frozenset({"service"})


class Button(BaseModel, frozen=True):
    """A choice; the payload is what a person would type."""

    title: str
    payload: str


class Message(BaseModel, frozen=True):
    """One object on the channel, as the contract has it."""

    text: str
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] = {}

    def to_json(self) -> dict[str, Any]:
        """`{text, buttons?, custom?}` for the dispatcher or the response generator."""
        data: dict[str, Any] = {"text": self.text}
        if self.buttons:
            data["buttons"] = [button.dict() for button in self.buttons]
        if self.custom:
            data["custom"] = dict(self.custom)
        return data


class Speech:
    """Collects what one message says, with the ids and sources of every item."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lines: list[str] = []
        self._items: list[str] = []
        self._statements: list[dict[str, Any]] = []
        self._buttons: list[str] = []
        self._card: dict[str, Any] = {}
        self._covers: list[str] = []
        self._question: str | None = None
        self._limit = MAX_WORDS
        self._break = False

    def fill(self, text: str, **words: object) -> str:
        """`text` with the region's words and these in its braces."""
        return fill(text, self._library, **words)

    def say(
        self, sentences: Iterable[Sentence], item: str, *, line: bool = False
    ) -> "Speech":
        """Add sourced sentences of the content item `item`."""
        for number, sentence in enumerate(sentences):
            text = self.fill(sentence.say)
            self._add(text, new_line=line or (number == 0 and not self._lines))
            self._statement(text, sentence, item)
        return self

    def reserve(self, question: Question | None) -> "Speech":
        """Keep room for a question that is asked last, in its shortest form."""
        shortest = (question.again or question.ask) if question else ""
        return self.keep(count_words(self.fill(shortest)))

    def keep(self, words: int) -> "Speech":
        """Keep room for this many words."""
        self._limit = MAX_WORDS - words
        return self

    def fits(self, text: str) -> bool:
        """Whether a text stays within the limit of words."""
        return self.words + count_words(text) <= self._limit

    def fit(
        self, sentences: Iterable[Sentence], item: str, *, line: bool = False
    ) -> "Speech":
        """Add as many of the sentences as stay within the limit of words."""
        for sentence in sentences:
            text = self.fill(sentence.say)
            if any(text in said for said in self._lines):
                continue
            if not self.fits(text):
                break
            self.say([sentence], item, line=line)
        return self

    def phrase(
        self, phrase_id: str, *, line: bool = False, **words: object
    ) -> "Speech":
        """Add something that the assistant says about itself or the talk."""
        phrase = self._library.phrases[phrase_id]
        self._add(self.fill(phrase.text, **words), new_line=line or not self._lines)
        self._note(phrase_id)
        return self.offer(phrase.buttons)

    def heading(self, text: str) -> "Speech":
        """Add a heading as a line of its own."""
        self._lines.append(self.fill(text))
        self._break = True
        return self

    def new_line(self) -> "Speech":
        """What comes next starts on a line of its own."""
        self._break = True
        return self

    def ask(self, question: Question | None) -> "Speech":
        """Add a question on its own line; its buttons replace those offered so far.

        In its short form where the whole is too long.
        """
        if question is None:
            return self
        asked = self.fill(question.ask)
        if question.again and self.words + count_words(asked) > MAX_WORDS:
            asked = self.fill(question.again)
        self._lines.append(asked)
        self._note(question.id)
        self._question = question.id
        if question.buttons:
            self._buttons = list(question.buttons)
        return self

    def offer(self, titles: Iterable[str]) -> "Speech":
        """Offer choices; the payload of each is its title."""
        self._buttons += [title for title in titles if title not in self._buttons]
        return self

    def cover(self, questions: Iterable[str]) -> "Speech":
        """Name the questions of the seeds that this message answers."""
        self._covers += questions
        return self

    def note(self, item: str) -> "Speech":
        """Name an item that the words just said belong to."""
        self._note(item)
        return self

    def extend_card(self, **fields: Any) -> "Speech":
        """Add fields to `custom` without changing the kind of card."""
        self._card = {**self._card, **fields}
        return self

    def card(self, kind: str, **fields: Any) -> "Speech":
        """Give the message a card; the text stays complete without it."""
        self._card = {"type": kind, **fields}
        return self

    @property
    def words(self) -> int:
        """How many words the message has so far."""
        return count_words(" ".join(self._lines))

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of the content said so far."""
        return tuple(self._items)

    def message(self) -> Message:
        """The finished message."""
        custom: dict[str, Any] = {"items": list(self._items)}
        sources = dict.fromkeys(s for one in self._statements for s in one["sources"])
        medical = [source for source in sources if source not in NOT_MEDICAL]
        if medical:
            custom["sources"] = medical
            custom["statements"] = self._statements
        if self._covers:
            custom["covers"] = self._covers
        if self._question:
            custom["question"] = self._question
        return Message(
            text="\n".join(self._lines),
            buttons=tuple(Button(title=t, payload=t) for t in self._buttons),
            custom={**custom, **self._card},
        )

    def _add(self, text: str, *, new_line: bool) -> None:
        if new_line or self._break or not self._lines:
            self._lines.append(text)
            self._break = False
        else:
            self._lines[-1] += f" {text}"

    def _note(self, item: str) -> None:
        if item not in self._items:
            self._items.append(item)

    def _statement(self, text: str, sentence: Sentence, item: str) -> None:
        self._note(item)
        status = sentence.status or self._library.status_of(item)
        self._statements.append(
            {
                "say": text,
                "item": item,
                "sources": list(sentence.sources),
                "status": status.value if status else None,
            }
        )


def fill(text: str, library: Library, **words: object) -> str:
    """`text` with the region's words and these in its braces."""
    return text.format_map({**library.region.words, **words})


def count_words(text: str) -> int:
    """How many words a person reads in `text`."""
    return len(re.findall(r"[\w'’-]+", text))  # noqa: RUF001

"""Sides, places, times, ages, scores and named conditions in plain words.

The words are in `content/lexicon/entities.yml`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from pydantic import BaseModel

from wrist.findings import Entity
from wrist.reading.normalise import Normaliser, Token
from wrist.reading.patterns import (
    AGE,
    BARE_SCORE,
    DAYS,
    LONE,
    PAST_FROM_DAYS,
    PREGNANT,
    SCORE,
    SPAN,
    TEMPERATURE,
    VAGUE,
    VAGUE_COUNT,
    Joined,
    join,
)

MOST_ENTITIES = 200
NOT_RIGHT_SIDE = frozenset(
    {"now", "away", "in", "down", "after", "so", "then", "through", "on", "where"}
    | {"over", "thing", "at", "when", "near", "next", "before"}
)


class EntityWords(BaseModel, extra="forbid", frozen=True):
    """`content/lexicon/entities.yml`: entity -> value -> wordings."""

    entities: dict[str, dict[str, tuple[str, ...]]]
    times: dict[str, float]

    def words(self) -> list[str]:
        """All wordings, for the spelling corrector."""
        return [w for t in self.entities.values() for v in t.values() for w in v]


class Moment(NamedTuple):
    """When something began, in days before now."""

    start: int
    end: int
    days: float


class EntityReader:
    """Finds entities; knows nothing of findings."""

    def __init__(self, words: EntityWords, normaliser: Normaliser) -> None:
        self._root: dict[Any, Any] = {}
        for entity, values in words.entities.items():
            for value, wordings in values.items():
                for wording in wordings:
                    self._insert(normaliser, wording, (entity, value))
        self._times = sorted(words.times.items(), key=lambda t: -len(t[0]))
        self._time = re.compile(
            r"\b(?:" + "|".join(re.escape(t) for t, _ in self._times) + r")\b"
        )
        self._numbers = normaliser.spelling.numbers

    def read(
        self, tokens: Sequence[Token], owners: Sequence[str | None]
    ) -> tuple[list[Entity], list[Moment]]:
        """Entities of a message, and the moments among them."""
        joined = join(tokens)
        found: list[tuple[str, Any, int, int, str | None]] = []
        found += self._pregnancies(joined)
        found += self._ages(joined)
        found += self._scores(joined)
        durations = list(self._durations(joined))
        found += [d for d in durations if d[0] == "duration"]
        found += self._named(tokens)
        moments = [
            Moment(start, end, float(value))
            for _, value, start, end, role in durations
            if role is None
        ]
        return [
            _entity(tokens, owners, *one) for one in _without_overlap(found)
        ], moments

    def temperatures(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, bool]]:
        """Body temperatures as (first word, end, whether it is a fever)."""
        joined = join(tokens)
        for found in TEMPERATURE.finditer(joined.line):
            value = float(found["value"])
            unit = (found["unit"] or "").strip()
            decimal = "." in found["value"]
            warm = 35 <= value <= 42.9 and (decimal or found["word"] or unit)
            hot = 95 <= value <= 109 and (found["word"] or "f" in unit)
            if not (warm or hot) or (
                unit and not found["word"] and unit[0] not in "cfd"
            ):
                continue
            start, end = joined.span(*found.span())
            yield start, end, value >= (100 if hot else 37.8)

    def _insert(self, normaliser: Normaliser, text: str, out: tuple[str, str]) -> None:
        node = self._root
        for token in normaliser.tokens(text):
            node = node.setdefault(token.lemma, {})
        node[None] = out

    def _named(
        self, tokens: Sequence[Token]
    ) -> Iterator[tuple[str, Any, int, int, str | None]]:
        i = 0
        while i < len(tokens):
            node, at, best = self._root, i, None
            while at < len(tokens) and tokens[at].lemma in node:
                node = node[tokens[at].lemma]
                at += 1
                if None in node:
                    best = (node[None], at)
            if best and not _not_side(tokens, i, best[0]):
                (entity, value), end = best
                yield entity, value, i, end, None
                i = end
            else:
                i += 1

    def _durations(
        self, joined: Joined
    ) -> Iterator[tuple[str, Any, int, int, str | None]]:
        taken: list[tuple[int, int]] = []
        for found in SPAN.finditer(joined.line):
            tail, unit = (found["tail"] or "").strip(), found["unit"]
            taken.append(found.span())
            if found["lead"] or tail in ("old", "of age", "pregnant", "gone", "along"):
                continue
            if tail in ("every", "each", "a day", "apart"):
                continue
            before = joined.line[: found.start()]
            if unit == "hour" and not (tail == "ago" or _lasting(before)):
                continue
            days = round(self._count(found["count"]) * DAYS[unit], 3)
            role = "past" if tail == "ago" and days >= PAST_FROM_DAYS else None
            yield ("duration", days, *joined.span(*found.span()), role)
        for found in VAGUE.finditer(joined.line):
            if not (found["lead"] or found["many"] or (found["tail"] or "") == " ago"):
                continue
            if any(s < found.end() and found.start() < e for s, e in taken):
                continue
            if found["unit"] == "hour" and found["lead"] != "for":
                continue
            days = VAGUE_COUNT[found["unit"]]
            role = "past" if (found["tail"] or "") == " ago" and days > 200 else None
            yield ("duration", days, *joined.span(*found.span()), role)
        known = dict(self._times)
        for found in self._time.finditer(joined.line):
            span = joined.span(*found.span())
            role = "past" if known[found[0]] >= PAST_FROM_DAYS else None
            yield ("duration", known[found[0]], *span, role)

    def _count(self, text: str) -> float:
        words = text.split()
        if words[0] == "half":
            return 0.5
        if "couple" in words:
            return 2.0
        if "few" in words:
            return 3.0
        if text in ("several", "many"):
            return 5.0
        if text in ("a", "an"):
            return 1.0
        return self._number(text)

    def _number(self, text: str) -> float:
        total = 0.0
        for word in text.split():
            total += self._numbers[word] if word in self._numbers else float(word)
        return total

    def _ages(self, joined: Joined) -> Iterator[tuple[str, Any, int, int, str | None]]:
        for found in AGE.finditer(joined.line):
            name = str(found.lastgroup)
            value = self._number(found[name])
            if "pain" in joined.line[: found.start(name)].split()[-4:]:
                continue  # "pain is 6 now" is a score
            if value == int(value) and (name != "said" or value >= 5) and value <= 110:
                yield ("age", int(value), *joined.span(*found.span(name)), None)
        for found in LONE.finditer(joined.line):
            value = self._number(found["n"])
            if 11 <= value <= 110 and value == int(value):
                yield ("age", int(value), *joined.span(*found.span("n")), None)

    def _scores(
        self, joined: Joined
    ) -> Iterator[tuple[str, Any, int, int, str | None]]:
        for found in SCORE.finditer(joined.line):
            name = str(found.lastgroup)
            value = self._number(found[name])
            if value <= 10 and value == int(value):
                past = " was " in f" {joined.line[: found.end()]} "
                past = past and any(w in joined.line for w in ("last", "ago", "before"))
                role = "past" if past else None
                yield ("pain_score", int(value), *joined.span(*found.span()), role)
        found_bare = BARE_SCORE.match(joined.line)
        if found_bare:
            value = self._number(found_bare["n"])
            span = joined.span(*found_bare.span())
            yield ("pain_score", int(value), *span, "bare")

    def _pregnancies(
        self, joined: Joined
    ) -> Iterator[tuple[str, Any, int, int, str | None]]:
        for found in PREGNANT.finditer(joined.line):
            weeks = self._number(found["weeks"] or found["after"])
            if weeks <= 43:
                yield ("pregnancy", int(weeks), *joined.span(*found.span()), None)


def _lasting(before: str) -> bool:
    words = before.split()[-4:]
    return bool(words) and ("for" in words or "last" in words or "past" in words)


def _not_side(tokens: Sequence[Token], i: int, out: tuple[str, str]) -> bool:
    """ "left" and "right" that are no side: "what's left", "right now", "all right"."""
    if out[0] != "side" or tokens[i].word not in ("left", "right"):
        return False
    after = tokens[i + 1].word if i + 1 < len(tokens) else ""
    before = tokens[i - 1].word if i else ""
    if i > 1 and tokens[i - 2].word == "than":
        return True
    if tokens[i].word == "right":
        return (
            after in NOT_RIGHT_SIDE
            or before in ("all", "that", "is", "not", "feel", "alright", "quite")
        )  # fmt: skip
    return before in (
        "are",
        "is",
        "steps",
        "have",
        "has",
        "i",
        "much",
        "many",
        "just",
    ) or (after in ("it", "a", "for", "alone", "me", "over", "home", "to", "feeling"))


def _without_overlap(
    found: Iterable[tuple[str, Any, int, int, str | None]],
) -> list[tuple[str, Any, int, int, str | None]]:
    """Of overlapping entities of one kind the first, and no number read twice."""
    kept: list[tuple[str, Any, int, int, str | None]] = []
    for one in islice(found, MOST_ENTITIES):
        clash = any(
            one[2] < other[3]
            and other[2] < one[3]
            and (one[0] == other[0] or {one[0], other[0]} <= _NUMERIC)
            for other in kept
        )
        if not clash:
            kept.append(one)
    return sorted(kept, key=lambda one: (one[2], one[3], one[0]))


AGE_WORDS = frozenset({"year", "yr", "old", "month", "-"})
_NUMERIC = {"pregnancy", "age", "pain_score", "duration"}


def _described(tokens: Sequence[Token], end: int) -> int:
    """The word that an age describes: "daughter" after "6 year old"."""
    while end < len(tokens) and tokens[end].lemma in AGE_WORDS:
        end += 1
    described = end < len(tokens) and tokens[end].word.isalpha()
    return end if described and tokens[end - 1].word == "old" else end - 1


def _entity(
    tokens: Sequence[Token],
    owners: Sequence[str | None],
    entity: str,
    value: Any,
    start: int,
    end: int,
    role: str | None,
) -> Entity:
    owner = owners[_described(tokens, end) if entity == "age" else start]
    if owner and entity != "person" and role is None:
        role = "other_person"
    return Entity(
        entity=entity,
        value=value,
        start=tokens[start].start,
        end=tokens[end - 1].end,
        role=role,
    )

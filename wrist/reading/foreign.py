"""Emergency words of other languages, and emoji.

The assistant speaks English; this makes sure that
an emergency in another language does not pass unseen (`content/emergency_words.yml`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from wrist.content_file import ContentError
from wrist.findings import Entity, Finding
from wrist.models import Assertion

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
ENGLISH = frozenset(
    [
        "the",
        "my",
        "is",
        "and",
        "it",
        "i",
        "of",
        "a",
        "to",
        "in",
        "have",
        "has",
        "with",
        "for",
        "was",
        "are",
        "but",
        "on",
        "not",
        "you",
        "this",
        "that",
        "no",
        "hurts",
        "hurt",
        "wrist",
        "hand",
        "been",
        "since",
        "after",
    ]
)
PLAIN = {"ł": "l", "đ": "d", "ø": "o", "\u2019": "'"}
BODY_PART = "hand"
EMOJI_WITH_AT_MOST = 3
MOST_BETWEEN = 3


class _Language(NamedTuple):
    code: str
    detect: frozenset[str]
    phrases: tuple[tuple[re.Pattern[str], str], ...]


class Foreign(NamedTuple):
    """What was understood of a message beside its English."""

    findings: tuple[Finding, ...]
    entities: tuple[Entity, ...]
    language: str


class ForeignWords:
    """Compiled words of the languages that the assistant does not speak."""

    def __init__(
        self, languages: Iterable[_Language], emoji: dict[str, tuple[str, Assertion]]
    ) -> None:
        self._languages = tuple(languages)
        self._emoji = emoji
        some = "|".join(re.escape(e) for e in sorted(emoji, key=len, reverse=True))
        self._any_emoji = re.compile(some) if some else None

    @classmethod
    def load(cls, path: Path) -> "ForeignWords":
        """Reads `emergency_words.yml`; an absent file means no other language."""
        if not path.exists():
            return cls((), {})
        try:
            data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
            languages = [_language(entry) for entry in data.get("languages", ())]
            emoji = {
                sign: (meant["finding"], Assertion(meant["status"]))
                for sign, meant in data.get("emoji", {}).items()
            }
        except (OSError, yaml.YAMLError, ValueError, LookupError, TypeError) as error:
            raise ContentError(f"{path}: {error!r}") from error
        return cls(languages, emoji)

    def read(self, text: str) -> Foreign:
        """Findings of emergency phrases and emoji, and the language of the message."""
        folded = fold(text)
        words = WORD.findall(folded)
        code, findings = self._speak(text, folded, words)
        entities: list[Entity] = []
        seen: set[str] = set()
        if self._any_emoji and len(words) <= EMOJI_WITH_AT_MOST:
            for found in self._any_emoji.finditer(text):
                id_, status = self._emoji[found[0]]
                start, end = found.span()
                if id_ in seen:
                    continue
                seen.add(id_)
                if id_ == BODY_PART:
                    entities.append(
                        Entity(entity="location", value=id_, start=start, end=end)
                    )
                else:
                    findings.append(_finding(text, id_, status, start, end))
        return Foreign(tuple(findings), tuple(entities), code)

    def _speak(
        self, text: str, folded: str, words: list[str]
    ) -> tuple[str, list[Finding]]:
        """The language with the most evidence, and its emergency phrases."""
        told = frozenset(words)  # "mi wrist" said twice is Jamaican, and not Spanish
        english = len(told & ENGLISH)
        best: tuple[int, str, list[Finding]] = (0, "en", [])
        for language in self._languages:
            known = len(told & language.detect)
            if not known and english:
                continue
            found = list(_phrases(text, folded, language))
            noticed = known >= 2 or (known and found) or (found and not english)
            score = known + 2 * len(found)
            if noticed and known + len(found) > english and score > best[0]:
                best = (score, language.code, found)
        return best[1], best[2]


def _language(entry: dict[str, Any]) -> _Language:
    phrases = sorted(entry["finding"].items(), key=lambda pair: -len(pair[0]))
    return _Language(
        entry["code"],
        frozenset(fold(word) for word in entry["detect"]),
        tuple((_whole(fold(phrase)), id_) for phrase, id_ in phrases),
    )


def _whole(phrase: str) -> re.Pattern[str]:
    """Whole words; in "main bleue" others may stand between: "main est toute bleue"."""
    words = [re.escape(word) for word in phrase.split()]
    most = MOST_BETWEEN if len(words) == 2 else 1
    pattern = rf"\s+(?:\S+\s+){{0,{most}}}".join(words)
    if phrase.isascii():
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.compile(pattern)


def _phrases(text: str, folded: str, language: _Language) -> Iterator[Finding]:
    seen: set[str] = set()
    for pattern, id_ in language.phrases:
        found = pattern.search(folded)
        if found and id_ not in seen:
            seen.add(id_)
            yield _finding(text, id_, Assertion.PRESENT, *found.span())


def _finding(text: str, id_: str, status: Assertion, start: int, end: int) -> Finding:
    return Finding(id=id_, status=status, text=text[start:end], start=start, end=end)


def fold(text: str) -> str:
    """Lower case without accents, each character in its place."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_one, text))


@lru_cache(maxsize=4096)
def _fold_one(character: str) -> str:
    base = unicodedata.normalize("NFD", character.lower())[:1]
    return PLAIN.get(base, base) or character

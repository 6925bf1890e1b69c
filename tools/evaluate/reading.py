"""Reading level and length of everything that the assistant says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from statistics import median
from typing import Any

import textstat
from pydantic import BaseModel

from wrist import library
from wrist.library import Library
from wrist.models import Sentence
from wrist.models_safety import EmergencyLanguage, MultiCard
from wrist.render import count_words, fill

MOST_GRADE, MOST_WORDS = 8.0, 60
WORDS_FOR_A_GRADE = 3  # of fewer a grade says nothing
ENDS = re.compile(r"[.!?:…][\"')\]]*$")
FOREIGN = ("emergency_card_", "multi_card")


@cache
def grade(text: str) -> float:
    """Flesch-Kincaid grade; a line without a full stop is a sentence of its own."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    whole = " ".join(line if ENDS.search(line) else f"{line}." for line in lines)
    return round(float(textstat.flesch_kincaid_grade(whole)), 1)


def content_sentences(content: Library) -> dict[str, str]:
    """Every medical sentence with the place where it stands."""
    found: dict[str, str] = {}
    for field in fields(content):
        for place, sentence in _sentences(getattr(content, field.name), field.name):
            if "{" not in sentence.say or _can_be_filled(sentence.say, content):
                found.setdefault(fill(sentence.say, content), place)
    return found


def _can_be_filled(text: str, content: Library) -> bool:
    return set(re.findall(r"{(\w+)}", text)) <= set(content.region.words)


def _sentences(value: Any, place: str) -> Iterator[tuple[str, Sentence]]:
    if isinstance(value, EmergencyLanguage | MultiCard):
        return  # other languages than English
    if isinstance(value, Sentence):
        yield place, value
    elif isinstance(value, BaseModel):
        name = getattr(value, "id", None)
        inner = f"{place.partition(':')[0]}:{name}" if name else place
        for field in value.__fields__:
            yield from _sentences(getattr(value, field), inner)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _sentences(one, place)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _sentences(one, place)


def evaluate_sentences() -> dict[str, Any]:
    """Reading level of every sentence of the content."""
    return _grades(content_sentences(library.default()))


def evaluate_replies(turns: Iterable[list[dict[str, Any]]]) -> dict[str, Any]:
    """Reading level of every different reply, and the words of each whole turn."""
    texts: dict[str, str] = {}
    long: dict[str, int] = {}
    words = []
    for turn in turns:
        english = [one for one in turn if not _is_foreign(one)]
        for message in english:
            said = (message.get("custom") or {}).get("items", ())
            texts.setdefault(message["text"], ", ".join(said))
        whole = "\n".join(message["text"] for message in english)
        words.append(count_words(whole))
        if words[-1] > MOST_WORDS:
            long[whole] = words[-1]
    return {
        **_grades(texts),
        "most_words": max(words, default=0),
        "too_long": [
            {"text": text, "words": count} for text, count in _highest_first(long)
        ],
    }


def _is_foreign(message: dict[str, Any]) -> bool:
    said = (message.get("custom") or {}).get("items", ())
    return any(item.startswith(FOREIGN) for item in said)


def _grades(texts: dict[str, str]) -> dict[str, Any]:
    graded = {
        text: grade(text) for text in texts if count_words(text) >= WORDS_FOR_A_GRADE
    }
    hard = {text: level for text, level in graded.items() if level > MOST_GRADE}
    return {
        "texts": len(graded),
        "median": median(graded.values()) if graded else 0.0,
        "maximum": max(graded.values(), default=0.0),
        "grades": sorted(graded.values()),
        "too_hard": [
            {"text": text, "grade": level, "where": texts[text]}
            for text, level in _highest_first(hard)
        ],
    }


def _highest_first(found: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(found.items(), key=lambda pair: -pair[1])

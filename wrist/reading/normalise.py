"""Turns what a person typed into plain lower-case words with lemmas (domain layer).

Every word keeps the offsets of the characters it came from, so that whatever is
found in the words can be shown in the original text.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from pydantic import BaseModel
from symspellpy import SymSpell, Verbosity

WORD = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*'?)"
    r"|(?P<line>\n)|(?P<mark>[^\w\s]|_)"
)
MARKUP = re.compile(r"<[/!a-zA-Z][^<>]{0,300}>|&(?:nbsp|lt|gt|amp|quot|#\d{1,5});")
SAME_LENGTH = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u00b4": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u00a0": " ",
        "\t": " ",
        "\r": "\n",
        "\u2028": "\n",
    }
)
TRIPLED = re.compile(r"(.)\1{2,}")
CORRECTED_AT = {1: 99, 2: 99, 3: 99, 4: 1, 5: 1, 6: 1, 7: 1}


class Spelling(BaseModel, extra="forbid", frozen=True):
    """Word tables that a person may edit: `content/lexicon/words.yml`."""

    expand: dict[str, str]
    lemmas: dict[str, str]
    numbers: dict[str, float]
    never_correct: tuple[str, ...] = ()


class Token(NamedTuple):
    """One plain word; `start` and `end` point into the original text."""

    word: str
    lemma: str
    start: int
    end: int
    value: float | None = None


class Word(NamedTuple):
    word: str
    lemma: str
    value: float | None


def flatten(text: str) -> str:
    """Lower case without control characters and markup, each character in its place."""
    text = MARKUP.sub(lambda found: " " * len(found[0]), text.translate(SAME_LENGTH))
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return "".join(c if c.isprintable() or c == "\n" else " " for c in lowered)


class Normaliser:
    """Splits, expands, corrects and lemmatises; knows no findings."""

    def __init__(self, spelling: Spelling, lemma_table: dict[str, str]) -> None:
        self.spelling = spelling
        self._lemmas = lemma_table
        self._english = _english_words()
        self._known: set[str] = set()
        self._speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        self._analyse = lru_cache(maxsize=20_000)(self._analyse_word)

    def learn(self, words: Iterable[str]) -> None:
        """Adds words that a misspelling may be corrected to."""
        for word in words:
            if word.isalpha() and word not in self._known:
                self._known.add(word)
                self._speller.create_dictionary_entry(word, 1)
        self._analyse.cache_clear()

    def tokens(self, text: str) -> list[Token]:
        """The plain words of a text, with the marks between them."""
        result: list[Token] = []
        for found in WORD.finditer(flatten(text)):
            start, end = found.span()
            kind = found.lastgroup
            if kind == "number":
                raw = found[0].replace(",", ".")
                result.append(Token(raw, raw, start, end, float(raw)))
            elif kind == "word":
                for word in self._analyse(found[0]):
                    result.append(Token(word.word, word.lemma, start, end, word.value))
            elif kind == "line":
                if result and result[-1].word != "\n":
                    result.append(Token("\n", "\n", start, end))
            else:
                result.append(Token(found[0], found[0], start, end))
        return self._mend(_join_hyphens(result))

    def lemma(self, word: str) -> str:
        """Dictionary form, with the project's own exceptions first."""
        if word in self.spelling.lemmas:
            return self.spelling.lemmas[word]
        return self._lemmas.get(word, word)

    def _analyse_word(self, raw: str) -> tuple[Word, ...]:
        raw = raw.strip("'")
        expanded = self._expand(raw)
        return tuple(
            Word(word, self.lemma(word), self.spelling.numbers.get(word))
            for word in expanded
        )

    def _expand(self, raw: str) -> list[str]:
        table = self.spelling.expand
        if raw in table:
            return table[raw].split()
        if "'" in raw:
            head, _, tail = raw.rpartition("'")
            if tail == "t" and head.endswith("n"):
                return [*self._expand(head[:-1]), "not"]
            full = table.get("'" + tail)
            if full and (tail != "s"):
                return [*self._expand(head), full]
            if tail == "s":
                return [*self._expand(head), "'s"]
            return [*self._expand(head), *self._expand(tail)]
        if not raw:
            return []
        return self._correct(raw)

    def _correct(self, raw: str) -> list[str]:
        if raw in self._known or not raw.isascii():
            return [raw]
        squeezed = TRIPLED.sub(r"\1\1", raw)
        if squeezed != raw:
            for candidate in (squeezed, TRIPLED.sub(r"\1", raw)):
                if candidate in self.spelling.expand:
                    return self.spelling.expand[candidate].split()
                if candidate in self._known or candidate in self._english:
                    return [candidate]
            raw = squeezed
        if raw in self._english or self.lemma(raw) in self._known:
            return [raw]
        if raw in self.spelling.never_correct or len(raw) > 24:
            return [raw]
        allowed = 1 if len(raw) < 8 else 2
        if len(raw) < 4:
            return [raw]
        options = self._speller.lookup(raw, Verbosity.CLOSEST, allowed)
        options = [o for o in options if len(o.term) > 3 and o.term[0] == raw[0]]
        return [options[0].term] if options else [raw]

    def _mend(self, tokens: list[Token]) -> list[Token]:
        """Reads "my risk" as "my wrist"."""
        for i, token in enumerate(tokens):
            if (
                token.word in ("risk", "rist", "wist", "risks")
                and i
                and tokens[i - 1].word in ("my", "left", "right", "both", "sore")
                and not (i + 1 < len(tokens) and tokens[i + 1].word == "of")
            ):
                tokens[i] = token._replace(word="wrist", lemma="wrist")
        return tokens


def _join_hyphens(tokens: list[Token]) -> list[Token]:
    """Drops the hyphen inside a compound: "thumb-side" is two words."""
    result: list[Token] = []
    for i, token in enumerate(tokens):
        inside = (
            token.word == "-"
            and 0 < i < len(tokens) - 1
            and tokens[i - 1].end == token.start
            and tokens[i + 1].start == token.end
        )
        if not inside:
            result.append(token)
    return result


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    source = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = source.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split(" ", 1)[0] for line in lines if line)

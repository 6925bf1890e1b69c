"""The sentences that the second detector learns from: `data/flags/<flag>.tsv`.

says        kind       also        text
fire        figure     -           my wrist looks like a dinner fork
quiet       idiom      -           I have a cold hand at cards
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / "data" / "flags"
COLUMNS = ["says", "kind", "also", "text"]
EVERYDAY = "everyday"  # the file of messages without any warning sign
FIRE, QUIET = "fire", "quiet"
KINDS = {
    FIRE: frozenset(
        {"plain", "figure", "indirect", "misspelt", "minimised", "long", "dictated"}
        | {"second_language"}
    ),
    QUIET: frozenset(
        {"negated", "past", "hypothetical", "other_person", "idiom", "lookalike"}
        | {EVERYDAY}
    ),
}
SEED = 20261127
SHARE_FIRING, SHARE_QUIET = 0.4, 0.25  # of the sentences that come among others
ONE_IN = 10  # sentences of which one is kept apart for calibration


class SentencesError(Exception):
    """A file of sentences that cannot be used; names file and line."""


class FlagSentence(NamedTuple):
    """One sentence; `flag` is None where it is about none of them."""

    flag: str | None
    fires: bool
    kind: str
    also: tuple[str, ...]  # other flags that it truly raises
    text: str

    @property
    def raised(self) -> frozenset[str]:
        """All flags that must be raised by it."""
        own = (self.flag,) if self.fires and self.flag else ()
        return frozenset((*own, *self.also))

    @property
    def is_kept_apart(self) -> bool:
        """Whether it calibrates instead of teaching: the same ones on every machine."""
        return hashlib.sha256(self.text.encode()).digest()[0] % ONE_IN == 0


def read_all(folder: Path = FOLDER) -> list[FlagSentence]:
    """Every sentence of every file; raises SentencesError on the first fault."""
    return [one for file in files(folder) for one in read(file)]


def files(folder: Path = FOLDER) -> list[Path]:
    found = sorted(folder.glob("*.tsv"))
    if not found:
        raise SentencesError(f"{folder}: no sentences here; restore it from git")
    return found


def read(file: Path) -> list[FlagSentence]:
    """The sentences of one file, which is named after its flag."""
    flag = None if file.stem == EVERYDAY else file.stem
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        if next(rows, None) != COLUMNS:
            raise SentencesError(f"{file}:1: the head must be {' '.join(COLUMNS)}")
        return [_sentence(row, flag, f"{file}:{n}") for n, row in enumerate(rows, 2)]


def _sentence(row: list[str], flag: str | None, place: str) -> FlagSentence:
    if len(row) != len(COLUMNS) or not row[-1].strip():
        raise SentencesError(f"{place}: {len(COLUMNS)} columns with tabs between them")
    says, kind, also, text = row
    if kind not in KINDS.get(says, ()):
        raise SentencesError(f"{place}: no kind {says} {kind}")
    others = tuple(() if also == "-" else also.split(","))
    return FlagSentence(flag, says == FIRE, kind, others, text)


def editions(
    sentences: Sequence[FlagSentence], times: int, seed: int = SEED
) -> list[list[str]]:
    """All texts, once for each time that they are taught.

    Each time some stand among everyday ones, others than the time before: people write
    more than one sentence, and what stands around danger takes nothing away.
    """
    dice = random.Random(seed)
    everyday = [one.text for one in sentences if one.flag is None]
    return [[_edition(one, everyday, dice) for one in sentences] for _ in range(times)]


def _edition(one: FlagSentence, everyday: Sequence[str], dice: random.Random) -> str:
    share = SHARE_FIRING if one.fires else SHARE_QUIET
    if not everyday or one.flag is None or dice.random() >= share:
        return one.text
    return _joined(one.text, everyday, dice)


def _joined(text: str, everyday: Sequence[str], dice: random.Random) -> str:
    before, after = dice.choice(((1, 0), (0, 1), (1, 1), (2, 0), (0, 2)))
    parts = [*dice.choices(everyday, k=before), text, *dice.choices(everyday, k=after)]
    joined = parts[0]
    for part in parts[1:]:
        pause = "" if joined[-1] in ".!?" else dice.choice((".", ".", ",", ""))
        joined += f"{pause} {part}"
    return joined


def write(file: Path, sentences: Iterable[FlagSentence]) -> None:
    """The inverse of `read`."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write("\t".join(COLUMNS) + "\n")
        for one in sentences:
            says = FIRE if one.fires else QUIET
            row = (says, one.kind, ",".join(one.also) or "-", one.text)
            stream.write("\t".join(row) + "\n")

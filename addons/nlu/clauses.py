"""Cuts a long message into clauses with their offsets (pure, no Rasa)."""

import re
from typing import NamedTuple

from spacy.lang.en.stop_words import STOP_WORDS

LONGEST_CLAUSE_WORDS = 24
MOST_CLAUSES = 8
LONGEST_PASSAGE_WORDS = 80  # as long as what the second detector was taught
TWICE = 20  # words that two passages share where no sentence ends

SENTENCE_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s|$)|[\n;]+|(?<=\w)[!?]+")
JOINT = re.compile(
    r"(?<=[,:])\s+|\s+(?:-|–|—)+\s+"  # noqa: RUF001 - people type these dashes
    r"|\s+(?=(?:and|but|so|because|then|which|also|plus|or)\s)",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"^\W*(?:(?:and|so|but|also|please|ok|okay|well|anyway|sorry|just|hi|hello)\W+)*"
    r"(?:what|why|how|when|where|who|which|whose|is|are|am|was|were|do|does|did|can|"
    r"could|would|should|shall|will|may|might|must|has|have|any|whats|hows|isnt|isn't|"
    r"can't|cant|don't|doesnt|doesn't|tell me|explain|show me|help me|"
    r"i (?:want|need|would like|'d like|wonder)|i'd like|id like|i'm wondering|"
    r"im wondering|wondering|not sure (?:if|whether|what|how)|"
    r"i don't know (?:if|whether|what|how)|dont know (?:if|whether|what|how)|"
    r"let me know|give me|advise)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[a-z']+")
SPACED = re.compile(r"\S+")
# Beside stop words: a question of these alone asks about what was said before it.
VAGUE = STOP_WORDS | {
    *("ok", "okay", "right", "true", "safe", "bad", "good", "fine", "normal", "wise"),
    *("need", "help", "advise", "know", "think", "matter", "worry", "idea", "allowed"),
    *("possible", "thing", "mean", "happen", "happening", "sensible", "sorry", "pls"),
}


class Clause(NamedTuple):
    """Part of a message; `start` and `end` are offsets in it."""

    text: str
    start: int
    end: int
    asks: bool


def of_message(text: str) -> list[Clause]:
    """The clauses to read beside the whole: none where the whole is one of them."""
    found = _with_their_questions(text, split(text))
    return choose(found) if len(found) > 1 else []


def passages(text: str) -> list[Clause]:
    """Stretches to read for danger: the whole, or overlapping runs of its clauses.

    Every word stands in one of them, beside the clause before it: "I fell. Now it is
    blue." is one thing.
    """
    whole = [Clause(text, 0, len(text), False)]
    if len(text.split()) <= LONGEST_PASSAGE_WORDS:
        return whole
    found: list[Clause] = []
    parts = split(text)
    first = 0
    for number, part in enumerate(parts):
        run = text[parts[first].start : part.end]
        if len(run.split()) > LONGEST_PASSAGE_WORDS and number > first:
            found.append(_run(text, parts[first:number]))
            first = max(first + 1, number - 1)
    if not parts:
        return whole
    found.append(_run(text, parts[first:]))
    return [part for run in found for part in _without_joints(text, run)]


def _without_joints(text: str, run: Clause) -> list[Clause]:
    """Words without an end, as from dictation, are cut too, with some of them twice."""
    found = SPACED.finditer(run.text)
    words = [(run.start + word.start(), run.start + word.end()) for word in found]
    parts = []
    for first in range(0, len(words), LONGEST_PASSAGE_WORDS - TWICE):
        some = words[first : first + LONGEST_PASSAGE_WORDS]
        start, end = some[0][0], some[-1][1]
        parts.append(Clause(text[start:end], start, end, False))
        if some[-1] == words[-1]:
            break
    return parts if len(parts) > 1 else [run]


def _run(text: str, parts: list[Clause]) -> Clause:
    start, end = parts[0].start, parts[-1].end
    return Clause(text[start:end], start, end, False)


def _with_their_questions(text: str, clauses: list[Clause]) -> list[Clause]:
    """ "What should I do?" alone tells nothing: it goes with the clause before it."""
    joined: list[Clause] = []
    for clause in clauses:
        if joined and clause.asks and _is_vague(clause.text):
            start = joined.pop().start
            clause = Clause(text[start : clause.end], start, clause.end, True)
        joined.append(clause)
    return joined


def _is_vague(text: str) -> bool:
    return VAGUE.issuperset(WORD.findall(text.lower().replace("'s", " is")))


def split(text: str) -> list[Clause]:
    """All clauses of a text: its sentences, the longest ones cut at their joints."""
    clauses: list[Clause] = []
    start = 0
    for end in [*(found.end() for found in SENTENCE_END.finditer(text)), len(text)]:
        for piece_start, piece_end in _pieces(text, start, end):
            clause = _clause(text, piece_start, piece_end)
            if clause is not None:
                clauses.append(clause)
        start = end
    return clauses


def choose(clauses: list[Clause], most: int = MOST_CLAUSES) -> list[Clause]:
    """At most `most` clauses in their order: asking, last and first ones preferred."""
    if len(clauses) <= most:
        return clauses
    last = len(clauses) - 1

    def worth(index: int) -> tuple[bool, bool, bool, int]:
        clause = clauses[index]
        return (
            clause.text.rstrip().endswith("?"),
            clause.asks,
            index in (0, 1, last),
            -min(index, last - index),
        )

    best = sorted(range(len(clauses)), key=worth, reverse=True)[:most]
    return [clauses[index] for index in sorted(best)]


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if len(text[start:end].split()) <= LONGEST_CLAUSE_WORDS:
        return [(start, end)]
    pieces = []
    piece_start = previous = start
    joints = [found.start() for found in JOINT.finditer(text, start, end)]
    for joint in [*joints, end]:
        if len(text[piece_start:joint].split()) > LONGEST_CLAUSE_WORDS:
            if previous > piece_start:
                pieces.append((piece_start, previous))
            piece_start = previous
        previous = joint
    pieces.append((piece_start, end))
    return pieces


def _clause(text: str, start: int, end: int) -> Clause | None:
    piece = text[start:end]
    stripped = piece.strip(" \t\r\n,;:-")
    if not any(character.isalnum() for character in stripped):
        return None
    offset = start + piece.index(stripped)
    asks = stripped.endswith("?") or bool(ASKING.match(stripped))
    return Clause(stripped, offset, offset + len(stripped), asks)

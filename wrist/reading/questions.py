"""Whether a message asks something."""

from collections.abc import Sequence

from wrist.reading.clauses import SENTENCE_ENDS
from wrist.reading.normalise import Token

QUESTION_STARTS = frozenset(
    [
        "what",
        "why",
        "how",
        "when",
        "where",
        "who",
        "which",
        "can",
        "could",
        "should",
        "shall",
        "is",
        "are",
        "do",
        "does",
        "did",
        "will",
        "would",
        "may",
        "am",
    ]
)
WONDERING = frozenset({"is", "was", "could", "might", "did"})
WONDERED_OF = frozenset({"it", "this", "that", "i"})


def asks(tokens: Sequence[Token]) -> bool:
    """Whether a message asks something."""
    if any(token.word == "?" for token in tokens):
        return True
    start = True
    for i, token in enumerate(tokens):
        if start and token.word in QUESTION_STARTS:
            return _question_at(tokens, i)
        start = token.word in ".!\n;," or token.word in (
            "and",
            "so",
            "ok",
            "but",
            "please",
        )
    return False


def _question_at(tokens: Sequence[Token], i: int) -> bool:
    """Not "can move" or "is swollen": a verb in front asks only before a subject."""
    word = tokens[i].word
    if word in ("what", "why", "how", "where", "who", "which"):
        return True
    following = tokens[i + 1].word if i + 1 < len(tokens) else ""
    if word == "when":
        return following in ("should", "can", "do", "is", "must", "will")
    subjects = [
        "i",
        "you",
        "it",
        "this",
        "that",
        "my",
        "the",
        "we",
        "massage",
        "there",
        "heat",
        "ice",
        "they",
        "he",
        "she",
    ]
    return following in subjects or (word in ("does", "do") and following != "not")


def wonders(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word stands in a sentence that asks "is it ..." or "did i ..."."""
    start = at
    while start and tokens[start - 1].word not in SENTENCE_ENDS:
        start -= 1
    words = [token.word for token in tokens[start : start + 2]]
    return len(words) == 2 and words[0] in WONDERING and words[1] in WONDERED_OF

"""Cuts a message into sentences and clauses, as far as a "no" can reach."""

from collections.abc import Iterable, Sequence

from wrist.reading.files import AssertionRules
from wrist.reading.hits import Hit
from wrist.reading.normalise import Token

PAUSES = frozenset({",", "-", ":", "(", ")", "/", "\u2026"})
SENTENCE_ENDS = frozenset(".!?;\n")
JOINERS = frozenset({"and", "then", "when", "while", "with"})
SUBJECTS = frozenset(
    {"i", "it", "my", "he", "she", "they", "is", "am", "can", "should"}
)
PREDICATES = frozenset({"be", "have", "go", "feel", "look", "come", "keep", "will"})
LONGEST_SENTENCE = 60
BREAKABLE = PAUSES | {"and", "but", "because", "i"}
DENIALS = frozenset({"no", "not", "without", "never", "nor", "neither", "any"})
VERBS = frozenset({"be", "do", "have", "can", "will", "go", "get", "not", "no"})


class ClauseSplitter:
    """Finds sentences and clauses; knows no statuses."""

    def __init__(self, rules: AssertionRules) -> None:
        self._contrast = frozenset(rules.contrast)
        self._starters = frozenset(rules.clause_starters)
        self._list_words = frozenset(rules.list_words)
        self._answers = frozenset(rules.answers)
        self._times = [time.split() for time in rules.times]
        self._longest_time = max(map(len, self._times))

    def sentences(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Where sentences lie; a bare answer stays with its question."""
        result: list[tuple[int, int]] = []
        start = 0
        for i, token in enumerate(tokens):
            if token.word in SENTENCE_ENDS and not self._answered(tokens, i):
                result.append((start, i + 1))
                start = i + 1
        result.append((start, len(tokens)))
        return [part for whole in result for part in self._short(tokens, *whole)]

    def _short(
        self, tokens: Sequence[Token], start: int, end: int
    ) -> Iterable[tuple[int, int]]:
        """A sentence without end in parts: ConText compares every pair of its words."""
        while end - start > LONGEST_SENTENCE:
            reach = range(start + LONGEST_SENTENCE, start + LONGEST_SENTENCE // 2, -1)
            cut = next((i for i in reach if tokens[i].word in BREAKABLE), reach[0])
            yield start, cut
            start = cut
        if start < end:
            yield start, end

    def _answered(self, tokens: Sequence[Token], mark: int) -> bool:
        """Whether "numbness?" is followed by "nope" and no more."""
        if tokens[mark].word != "?":
            return False
        end = mark + 1
        while end < len(tokens) and tokens[end].word in self._answers:
            end += 1
        if end == mark + 1:
            return False
        return end == len(tokens) or tokens[end].word in SENTENCE_ENDS | {","}

    def clauses(
        self, tokens: Sequence[Token], first: int, last: int, hits: Sequence[Hit]
    ) -> tuple[list[int], set[Hit]]:
        """Where clauses start in a sentence, and hits a list leaves in doubt."""
        starts = [first]
        unsure: set[Hit] = set()
        i = first
        while i < last:
            word = tokens[i].word
            begin = None
            if word in self._contrast and i > first:
                begin = i if any(hit.key > i for hit in hits) else None
            elif word in JOINERS and i > first:
                if self._starts_clause(tokens, i + 1, last):
                    begin = None if self._says_when(tokens, i) else i
            elif word == "or" and i > first:
                if i + 1 < last and tokens[i + 1].word in SUBJECTS:
                    begin = i
            elif word in PAUSES:
                begin = self._after_pause(tokens, i, last, starts[-1], hits, unsure)
            if begin is not None and begin < last and begin != starts[-1]:
                starts.append(begin)
            i += 1
        return starts, unsure

    def _says_when(self, tokens: Sequence[Token], at: int) -> bool:
        """ "When i was a kid" or "6" belongs to what stands before it."""
        words = [token.word for token in tokens[at : at + self._longest_time]]
        if words[:3] == ["when", "i", "was"] and _is_number(tokens, at + 3):
            return True
        return any(words[: len(time)] == time for time in self._times)

    def _starts_clause(self, tokens: Sequence[Token], at: int, last: int) -> bool:
        if at >= last:
            return False
        if tokens[at].word in self._starters:
            return True
        return at + 1 < last and tokens[at + 1].lemma in PREDICATES

    def _after_pause(
        self,
        tokens: Sequence[Token],
        pause: int,
        last: int,
        clause: int,
        hits: Sequence[Hit],
        unsure: set[Hit],
    ) -> int | None:
        """Start of the clause that a comma opens, None where it opens none."""
        end = self._next_break(tokens, pause + 1, last)
        inside = [hit for hit in hits if pause < hit.key < end]
        if self._starts_clause(tokens, pause + 1, last):
            return pause + 1
        if not inside:
            return None
        if not self._bare(tokens, pause + 1, end, inside):
            return pause + 1
        if not self._denying(tokens, clause, pause, hits):
            return pause + 1
        if self._closed_by_or(tokens, pause + 1, last, hits):
            return None
        unsure.update(inside)
        return pause + 1

    def _next_break(self, tokens: Sequence[Token], at: int, last: int) -> int:
        for i in range(at, last):
            word = tokens[i].word
            if word in PAUSES or word in SENTENCE_ENDS or word in self._contrast:
                return i
        return last

    def _bare(
        self, tokens: Sequence[Token], start: int, end: int, hits: Sequence[Hit]
    ) -> bool:
        """Whether a fragment is nothing but list items."""
        covered = {i for hit in hits for i in range(hit.start, hit.end)}
        return all(
            (i in covered or tokens[i].word in self._list_words)
            and tokens[i].lemma not in VERBS
            for i in range(start, end)
        )

    def _denying(
        self, tokens: Sequence[Token], start: int, end: int, hits: Sequence[Hit]
    ) -> bool:
        """Whether a clause denies something, "can not move" aside."""
        own = {i for h in hits if h.kind == "said" for i in range(h.start, h.end)}
        return any(
            tokens[i].word in DENIALS and i not in own for i in range(start, end)
        )

    def _closed_by_or(
        self, tokens: Sequence[Token], at: int, last: int, hits: Sequence[Hit]
    ) -> bool:
        """Whether a list goes on, item by item, to an "or"."""
        while at < last:
            end = self._next_break(tokens, at, last)
            inside = [hit for hit in hits if at <= hit.key < end]
            if not inside or not self._bare(tokens, at, end, inside):
                return False
            if any(tokens[i].word in ("or", "nor") for i in range(at, end)):
                return True
            if end >= last or tokens[end].word != ",":
                return False
            at = end + 1
        return False


def _is_number(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].value is not None


def joined(tokens: Sequence[Token], starts: Sequence[int], begin: int) -> int:
    """Start of the clauses that a clause is joined to by "and"."""
    while begin > starts[0] and tokens[begin].word == "and":
        begin = max(start for start in starts if start < begin)
    return begin

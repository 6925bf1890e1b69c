"""Says how each finding is meant: present, denied, over, imagined or somebody else's.

A private helper of `wrist.lexicon`. Clauses are split first; medspaCy's ConText then
applies our own rules (`content/assertion.yml`) inside each clause.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import spacy
from medspacy.context import ConText, ConTextGraph, ConTextModifier, ConTextRule
from pydantic import BaseModel
from spacy.tokens import Doc, Span

from wrist.models import Assertion
from wrist.normalise import Normaliser, Token

PAUSES = frozenset({",", "-", ":", "(", ")", "/", "\u2026"})
SENTENCE_ENDS = frozenset(".!?;\n")
Edge = tuple[Span, ConTextModifier]
JOINERS = frozenset({"and", "then", "when", "while", "with"})
SUBJECTS = frozenset(
    {"i", "it", "my", "he", "she", "they", "is", "am", "can", "should"}
)
PREDICATES = frozenset({"be", "have", "go", "feel", "look", "come", "keep", "will"})
CHILD_BELOW = 18
LONGEST_SENTENCE = 60
DENIED_AFTER = "excluded"  # read for the "no" of "swelling yes, fever no"
BREAKABLE = PAUSES | {"and", "but", "because", "i"}
DENIALS = frozenset({"no", "not", "without", "never", "nor", "neither", "any"})
VERBS = frozenset({"be", "do", "have", "can", "will", "go", "get", "not", "no"})
BY_WEIGHT = (
    Assertion.HYPOTHETICAL,
    Assertion.ABSENT,
    Assertion.PAST,
    Assertion.UNCERTAIN,
)


class Directions(BaseModel, extra="forbid", frozen=True):
    """Wordings of one status, by where the finding stands."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    around: tuple[str, ...] = ()


class Owners(BaseModel, extra="forbid", frozen=True):
    """Words that tell whose wrist it is."""

    self_words: tuple[str, ...]
    pronouns: tuple[str, ...]
    persons: dict[str, tuple[str, ...]]
    reporting: tuple[str, ...]
    handling: tuple[str, ...]
    harming: tuple[str, ...]


class AssertionRules(BaseModel, extra="forbid", frozen=True):
    """`content/assertion.yml`."""

    statuses: dict[Assertion, Directions]
    neither: tuple[str, ...]
    stop: tuple[str, ...]
    contrast: tuple[str, ...]
    clause_starters: tuple[str, ...]
    list_words: tuple[str, ...]
    answers: tuple[str, ...]
    general_questions: tuple[str, ...]
    owners: Owners


class Hit(NamedTuple):
    """A finding in the words, before its status is known.

    `start` and `end` are all its words, `key` and `key_end` the word that is denied
    or affirmed.
    """

    id: str
    start: int
    end: int
    key: int
    key_end: int
    kind: str = "said"  # said | denied | other | over
    mine: bool = False
    asked: bool = False
    lasting: bool = False


class Judged(NamedTuple):
    hit: Hit
    status: Assertion
    person: str | None
    clause_start: int
    clause_end: int
    joined_to: int


class _Tokenizer:
    """Lets spaCy see the words of our normaliser."""

    def __init__(self, vocab: spacy.vocab.Vocab, normaliser: Normaliser) -> None:
        self.vocab = vocab
        self.normaliser = normaliser

    def __call__(self, text: str) -> Doc:
        words = [token.word for token in self.normaliser.tokens(text)]
        return Doc(self.vocab, words=words)


class Judge:
    """Gives every hit of a message its status and person."""

    def __init__(self, rules: AssertionRules, normaliser: Normaliser) -> None:
        self.rules = rules
        self.nlp = spacy.blank("en")
        self.nlp.tokenizer = _Tokenizer(self.nlp.vocab, normaliser)
        self.context = ConText(
            self.nlp, rules=None, span_attrs=None, input_span_type="group",
            span_group_name="hits",
        )  # fmt: skip
        self.context.add(list(_context_rules(rules)))
        self._contrast = frozenset(rules.contrast)
        self._starters = frozenset(rules.clause_starters)
        self._list_words = frozenset(rules.list_words)
        self._answers = frozenset(rules.answers)
        self._questions = tuple(tuple(q.split()) for q in rules.general_questions)
        self._owners = _OwnerWords(rules.owners)

    def owners(self, tokens: Sequence[Token]) -> list[str | None]:
        """For each word the person it is about, None for the writer."""
        return self._owners.read(tokens)

    def judge(
        self,
        tokens: Sequence[Token],
        hits: Sequence[Hit],
        owners: Sequence[str | None],
    ) -> list[Judged]:
        """Statuses of all hits, sentence by sentence."""
        result: list[Judged] = []
        for first, last in self.sentences(tokens):
            inside = [hit for hit in hits if first <= hit.key < last]
            if inside:
                if result and any(h.id == "answer_yes" for h in inside[:1]):
                    result = _confirmed(result, inside[0].start)
                result += self._judge_sentence(tokens, first, last, inside, owners)
        return result

    def _judge_sentence(
        self,
        tokens: Sequence[Token],
        first: int,
        last: int,
        hits: Sequence[Hit],
        owners: Sequence[str | None],
    ) -> Iterable[Judged]:
        starts, unsure = self._clauses(tokens, first, last, hits)
        statuses = self._statuses(tokens, first, last, hits, starts)
        for hit, status in zip(hits, statuses, strict=True):
            if hit in unsure and status is Assertion.PRESENT:
                status = Assertion.UNCERTAIN
            person = None if hit.mine else self._person(tokens, hit, owners)
            if hit.asked and status is Assertion.HYPOTHETICAL:
                status = Assertion.PRESENT
            if hit.lasting and status is Assertion.PAST:
                status = Assertion.PRESENT
            if hit.kind == "other" and (person is None or status is Assertion.ABSENT):
                continue
            if person:
                status = Assertion.OTHER_PERSON
            begin = max(s for s in starts if s <= max(hit.key, first))
            end = min((s for s in starts if s > hit.key), default=last)
            joined = _joined(tokens, starts, begin)
            yield Judged(hit, status, person, begin, end, joined)

    def _person(
        self, tokens: Sequence[Token], hit: Hit, owners: Sequence[str | None]
    ) -> str | None:
        """Whose finding it is; "his tooth cut my knuckle" is the writer's."""
        if hit.kind == "other":
            return owners[hit.key_end - 1]
        words = tokens[hit.key + 1 : hit.key_end + 1]
        if any(token.word in ("my", "me") for token in words):
            return None
        return owners[hit.key]

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

    def _clauses(
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
                    begin = i
            elif word == "or" and i > first:
                if i + 1 < last and tokens[i + 1].word in SUBJECTS:
                    begin = i
            elif word in PAUSES:
                begin = self._after_pause(tokens, i, last, starts[-1], hits, unsure)
            if begin is not None and begin < last and begin != starts[-1]:
                starts.append(begin)
            i += 1
        return starts, unsure

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

    def _statuses(
        self,
        tokens: Sequence[Token],
        first: int,
        last: int,
        hits: Sequence[Hit],
        starts: Sequence[int],
    ) -> list[Assertion]:
        flags: list[bool | int | None] = [i in starts for i in range(first, last)]
        words = self._context_words(tokens, first, last, hits)
        doc = Doc(self.nlp.vocab, words=words, sent_starts=flags)
        spans = [
            Span(doc, hit.key - first, min(hit.key_end, last) - first, label=hit.id)
            for hit in hits
        ]
        doc.spans["hits"] = spans
        self.context(doc)
        edges: dict[tuple[int, int, int], set[str]] = {}
        for target, modifier in _effective(doc._.context_graph, spans, hits):
            key = (target.start, target.end, target.label)
            edges.setdefault(key, set()).add(modifier.category)
        general = self._general_question(words)
        return [
            _weigh(edges.get((s.start, s.end, s.label), set()), hit, general)
            for s, hit in zip(spans, hits, strict=True)
        ]

    def _context_words(
        self, tokens: Sequence[Token], first: int, last: int, hits: Sequence[Hit]
    ) -> list[str]:
        """The words for ConText; a "no" that is an answer denies nothing after it."""
        answers = {h.start for h in hits if h.id == "answer_no"} & {first}
        words = ["_" if i in answers else tokens[i].word for i in range(first, last)]
        for hit in hits:
            end = hit.end - first
            after = words[end + 1] if end + 1 < len(words) else "."
            if words[end : end + 1] == ["no"] and after in PAUSES | SENTENCE_ENDS:
                words[end] = DENIED_AFTER
        return words

    def _general_question(self, words: Sequence[str]) -> bool:
        """Whether a sentence asks about the thing, not about the asker."""
        if set(words) & self._owners.mine:
            return False
        return any(tuple(words[: len(q)]) == q for q in self._questions)


def _effective(
    graph: ConTextGraph, spans: Sequence[Span], hits: Sequence[Hit]
) -> Iterable[Edge]:
    """What modifies what; the "not" of "can not move" denies nothing after it."""
    own = {
        i
        for span, hit in zip(spans, hits, strict=True)
        if hit.kind == "said" and not hit.mine
        for i in range(span.start, span.end)
    }
    for target, modifier in graph.edges:
        start = modifier.modifier_span[0]
        inside = target.start <= start < target.end
        if not inside and not (start in own and modifier.category == "ABSENT"):
            yield target, modifier
    for modifier in graph.modifiers:
        start, end = modifier.modifier_span
        if modifier.direction == "FORWARD" and start not in own:
            for target in spans:
                if start < target.start < end <= target.end:
                    yield target, modifier


def _confirmed(judged: Sequence[Judged], answer: int) -> list[Judged]:
    """ "What if it spreads? It does": what was imagined just before is so."""
    return [
        one._replace(status=Assertion.PRESENT)
        if one.status is Assertion.HYPOTHETICAL and one.clause_end >= answer - 1
        else one
        for one in judged
    ]


def _joined(tokens: Sequence[Token], starts: Sequence[int], begin: int) -> int:
    """Start of the clauses that a clause is joined to by "and"."""
    while begin > starts[0] and tokens[begin].word == "and":
        begin = max(start for start in starts if start < begin)
    return begin


def _weigh(categories: set[str], hit: Hit, general: bool) -> Assertion:
    if hit.kind == "measured":
        return Assertion.ABSENT
    if hit.id.startswith("answer_"):
        return Assertion.PRESENT
    if general and not hit.mine:
        return Assertion.HYPOTHETICAL
    found = [s for s in BY_WEIGHT if s.value.upper() in categories]
    status = found[0] if found else Assertion.PRESENT
    if hit.kind == "over":
        return Assertion.UNCERTAIN if status is Assertion.ABSENT else Assertion.PAST
    if hit.kind != "denied":
        return status
    if status is Assertion.ABSENT:
        return Assertion.UNCERTAIN
    return Assertion.ABSENT if status is Assertion.PRESENT else status


def _context_rules(rules: AssertionRules) -> Iterable[ConTextRule]:
    for status, directions in rules.statuses.items():
        for direction, literals in (
            ("FORWARD", directions.before),
            ("BACKWARD", directions.after),
            ("BIDIRECTIONAL", directions.around),
        ):
            for literal in literals:
                stops = None if status is Assertion.PAST else {"STOP"}
                yield ConTextRule(
                    literal,
                    status.value.upper(),
                    direction=direction,
                    terminated_by=stops,
                )
    for literal in rules.neither:
        yield ConTextRule(literal, "NEITHER", direction="PSEUDO")
    never = [{"LOWER": "\0"}]  # without a pattern its matcher warns at every message
    yield ConTextRule("\0", "NEITHER", direction="PSEUDO", pattern=never)
    for literal in rules.stop:
        yield ConTextRule(literal, "STOP", direction="PSEUDO")


class _OwnerWords:
    """Follows who is spoken of, word by word."""

    def __init__(self, owners: Owners) -> None:
        self.mine = frozenset(owners.self_words)
        self._pronouns = frozenset(owners.pronouns)
        self._persons = {
            word: person for person, words in owners.persons.items() for word in words
        }
        self._reporting = frozenset(owners.reporting)
        self._handling = frozenset(owners.handling)
        self._harming = frozenset(owners.harming)

    def read(self, tokens: Sequence[Token]) -> list[str | None]:
        """For each word the person it is about, None for the writer."""
        result: list[str | None] = []
        topic: str | None = None
        current: str | None = None
        known: str | None = None
        for i, token in enumerate(tokens):
            word = token.word
            if word in SENTENCE_ENDS:
                current = topic
            person = self._persons.get(token.lemma) or self._aged(tokens, i)
            if person and self._is_subject(tokens, i):
                known = current = person
                if self._is_topic(tokens, i):
                    topic = person
            elif word in self._pronouns and self._pronoun_owns(tokens, i):
                current = known or "someone"
                if word in ("her", "his", "hers", "their"):
                    topic = current
            elif word in self.mine and not self._before_person(tokens, i):
                current = topic = None
            result.append(current)
        return result

    def _aged(self, tokens: Sequence[Token], i: int) -> str | None:
        """A child in "my 6 year old", not in "i am 60 years old"."""
        if tokens[i].word != "old" or i < 3 or tokens[i - 1].lemma != "year":
            return None
        if tokens[i - 2].value is None or tokens[i - 3].lemma in ("be", "at", "since"):
            return None
        if i + 1 < len(tokens) and tokens[i + 1].lemma in self._persons:
            return None
        return "child" if (tokens[i - 2].value or 0) < CHILD_BELOW else None

    def _before_person(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether "my" belongs to "my old mum"."""
        following = tokens[i + 1 : i + 5]
        if tokens[i].word != "my":
            return False
        for token in following:
            if token.lemma in self._persons or token.word == "old":
                return True
            if token.value is None and token.word not in (
                "year", "years", "little", "elderly", "poor", "own", "dear", "month",
                "eldest", "youngest", "late", "ex", "best", "step", "twin",
            ):  # fmt: skip
                return False
        return False

    def _is_subject(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether a person noun is spoken of, not reporting, held or hurting."""
        following = [t.word for t in tokens[i + 1 : i + 4]]
        if following and (
            following[0] in self._reporting or set(following[:2]) & self._reporting
        ):
            return False
        if following and following[0] in self._harming:
            objects = set(following[1:])
            if objects & {"my", "me", "i", "it", "us"}:
                return False
        before = [t.lemma for t in tokens[max(0, i - 4) : i]]
        handled = any(word in self._handling for word in before)
        return not handled or "'s" in following[:1]

    def _is_topic(self, tokens: Sequence[Token], i: int) -> bool:
        following = [t.word for t in tokens[i + 1 : i + 2]]
        before = [t.word for t in tokens[max(0, i - 3) : i]]
        return following == ["'s"] or "for" in before or "about" in before

    def _pronoun_owns(self, tokens: Sequence[Token], i: int) -> bool:
        following = [t.word for t in tokens[i + 1 : i + 4]]
        if following and following[0] in self._reporting:
            return False
        harm = following and following[0] in self._harming
        return not (harm and set(following[1:]) & {"my", "me", "it", "us", "i"})

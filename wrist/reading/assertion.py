"""Says how each finding is meant: present, denied, over, imagined or somebody else's.

Clauses are split first; medspaCy's ConText then
applies our own rules (`content/assertion.yml`) inside each clause.
"""

from collections.abc import Iterable, Sequence

import spacy
from medspacy.context import ConText, ConTextGraph, ConTextModifier, ConTextRule
from spacy.tokens import Doc, Span

from wrist.models import Assertion
from wrist.reading.clauses import (
    PAUSES,
    SENTENCE_ENDS,
    SUBJECTS,
    ClauseSplitter,
    joined,
)
from wrist.reading.files import AssertionRules
from wrist.reading.hits import Hit, Judged
from wrist.reading.normalise import Normaliser, Token
from wrist.reading.owners import OwnerWords

Edge = tuple[Span, ConTextModifier]
# "My son has no fever" denies one; what is only feared for somebody counts as theirs.
SAID_OF_OTHERS = frozenset({Assertion.ABSENT, Assertion.PAST})
DENIED_AFTER = "excluded"  # read for the "no" of "swelling yes, fever no"
AFTER_NO = SUBJECTS - {"is", "am", "can", "should"} | {"we", "never", "not"}
IN_A_YEAR, AT_A_YOUNG_AGE = "in a past year", "at a young age"
PAUSE = {"IS_PUNCT": True}  # "2010 tablets" is no year
NO_ROUND_YEAR = {"TEXT": {"REGEX": r"^(19[5-9]\d|20(0[1-9]|1\d|2[0-5]))$"}}
A_YEAR = {"TEXT": {"REGEX": r"^(19[5-9]\d|20([01]\d|2[0-5]))$"}}
PAST_YEARS = (
    [{"LOWER": {"IN": ["in", "from", "of"]}}, A_YEAR],
    [NO_ROUND_YEAR, PAUSE],
    [  # "in '91", and not "I am 5'11"
        {"LOWER": {"NOT_IN": ["since"]}, "LIKE_NUM": False},
        {"ORTH": "'"},
        {"TEXT": {"REGEX": r"^([4-9]\d|[01]\d|2[0-5])$"}},
    ],
)
HAVE = {"LOWER": {"IN": ["has", "have"]}, "OP": "?"}
AT_AN_AGE = [  # "when i was 6,", and not "when I was 6 months pregnant"
    {"LOWER": "when"},
    {"LOWER": {"IN": ["i", "he", "she"]}},
    {"LOWER": "was"},
    {"TEXT": {"REGEX": r"^([3-9]|[1-3]\d)$"}},
    {"LOWER": {"NOT_IN": ["month", "months", "week", "weeks", "hours", "minutes"]}},
]
BY_WEIGHT = (
    Assertion.HYPOTHETICAL,
    Assertion.ABSENT,
    Assertion.PAST,
    Assertion.UNCERTAIN,
)


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

    def __init__(
        self, rules: AssertionRules, normaliser: Normaliser, address: Iterable[str]
    ) -> None:
        self.rules = rules
        self.nlp = spacy.blank("en")
        self.nlp.tokenizer = _Tokenizer(self.nlp.vocab, normaliser)
        self.context = ConText(
            self.nlp, rules=None, span_attrs=None, input_span_type="group",
            span_group_name="hits",
        )  # fmt: skip
        self.context.add(list(_context_rules(rules)))
        self._splitter = ClauseSplitter(rules)
        self._questions = tuple(tuple(q.split()) for q in rules.general_questions)
        self._address = frozenset(address)
        self._owners = OwnerWords(rules.owners, self._address)

    def owners(self, tokens: Sequence[Token]) -> list[str | None]:
        """For each word the person it is about, None for the writer."""
        return self._owners.read(tokens)

    def names_writer(self, tokens: Sequence[Token]) -> bool:
        """Whether a message speaks of the writer by "I", "my" or "me"."""
        return self._owners.names_writer(tokens)

    def judge(
        self,
        tokens: Sequence[Token],
        hits: Sequence[Hit],
        owners: Sequence[str | None],
    ) -> list[Judged]:
        """Statuses of all hits, sentence by sentence."""
        result: list[Judged] = []
        for first, last in self._splitter.sentences(tokens):
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
        starts, unsure = self._splitter.clauses(tokens, first, last, hits)
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
            if person and status not in SAID_OF_OTHERS:
                status = Assertion.OTHER_PERSON
            begin = max(s for s in starts if s <= max(hit.key, first))
            end = min((s for s in starts if s > hit.key), default=last)
            joined_to = joined(tokens, starts, begin)
            yield Judged(hit, status, person, begin, end, joined_to)

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

    def _statuses(
        self,
        tokens: Sequence[Token],
        first: int,
        last: int,
        hits: Sequence[Hit],
        starts: Sequence[int],
    ) -> list[Assertion]:
        flags: list[bool | int | None] = [i in starts for i in range(first, last + 1)]
        words = [*self._context_words(tokens, first, last, hits), "."]
        doc = Doc(self.nlp.vocab, words=words, sent_starts=flags)
        spans = [
            Span(doc, hit.key - first, min(hit.key_end, last) - first, label=hit.id)
            for hit in hits
        ]
        doc.spans["hits"] = spans
        self.context(doc)
        denials = [s for s, h in zip(spans, hits, strict=True) if h.kind == "denied"]
        counting = [s for s, h in zip(spans, hits, strict=True) if h.even_if_gone]
        edges: dict[tuple[int, int, int], set[str]] = {}
        for target, modifier in _effective(doc._.context_graph, spans, hits):
            if self._went_on(words, target, modifier):
                continue
            if target in denials and _is_spent(modifier, target, spans):
                continue
            passed = modifier.category == "PAST" and target in counting
            if passed and not self._tells_time(words, modifier):
                continue
            key = (target.start, target.end, target.label)
            edges.setdefault(key, set()).add(modifier.category)
        general = self._general_question(words)
        return [
            _weigh(edges.get((s.start, s.end, s.label), set()), hit, general)
            for s, hit in zip(spans, hits, strict=True)
        ]

    def _went_on(
        self, words: Sequence[str], target: Span, modifier: ConTextModifier
    ) -> bool:
        """Whether it goes on: "since the crash last year it tingles"."""
        start = modifier.modifier_span[0]
        if not self._tells_time(words, modifier):
            return False
        since = max((i for i in range(start) if words[i] == "since"), default=None)
        return since is not None and not since < target.start < start

    def _tells_time(self, words: Sequence[str], modifier: ConTextModifier) -> bool:
        """Whether it says when it was, and not only that it is over."""
        start, end = modifier.modifier_span
        dated = modifier.rule.literal in (IN_A_YEAR, AT_A_YOUNG_AGE)
        return dated or " ".join(words[start:end]) in self.rules.times

    def _context_words(
        self, tokens: Sequence[Token], first: int, last: int, hits: Sequence[Hit]
    ) -> list[str]:
        """The words for ConText; a "no" that is an answer denies nothing after it."""
        answers = {h.start for h in hits if h.id == "answer_no"} & {first}
        answers |= {i for i in range(first, last) if self._is_answer(tokens, i, first)}
        words = ["_" if i in answers else tokens[i].word for i in range(first, last)]
        for hit in hits:
            end = hit.end - first
            after = words[end + 1] if end + 1 < len(words) else "."
            if words[end : end + 1] == ["no"] and after in PAUSES | SENTENCE_ENDS:
                words[end] = DENIED_AFTER
        return words

    def _is_answer(self, tokens: Sequence[Token], i: int, first: int) -> bool:
        """Whether a "no" answers, as in "no dear, i did not", and denies no noun."""
        if tokens[i].word != "no":
            return False
        if i > first and tokens[i - 1].word not in PAUSES | SENTENCE_ENDS:
            return False
        after = i + 1
        while after < len(tokens) and tokens[after].word in self._address | {","}:
            after += 1
        return after < len(tokens) and tokens[after].word in AFTER_NO

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


def _is_spent(modifier: ConTextModifier, denial: Span, spans: Iterable[Span]) -> bool:
    """Whether a "no" has its finding: "no cough breathing fine" says it is fine."""
    end = modifier.modifier_span[1]
    return modifier.category == "ABSENT" and any(
        end <= span.start < denial.start for span in spans
    )


def _confirmed(judged: Sequence[Judged], answer: int) -> list[Judged]:
    """ "What if it spreads? It does": what was imagined just before is so."""
    return [
        one._replace(status=Assertion.PRESENT)
        if one.status is Assertion.HYPOTHETICAL and one.clause_end >= answer - 1
        else one
        for one in judged
    ]


def _weigh(categories: set[str], hit: Hit, general: bool) -> Assertion:
    if hit.kind == "measured":
        return Assertion.ABSENT
    if hit.id.startswith("answer_"):
        return Assertion.PRESENT
    if general and not hit.mine:
        return Assertion.HYPOTHETICAL
    found = [s for s in BY_WEIGHT if s.value.upper() in categories]
    status = found[0] if found else Assertion.PRESENT
    if hit.kind == "doubted" and status is Assertion.PRESENT:
        return Assertion.UNCERTAIN
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
    became = [{"LOWER": "gone"}, {"LOWER": {"IN": list(rules.became)}}]
    yield ConTextRule(
        "has gone so", "NEITHER", direction="PSEUDO", pattern=[HAVE, *became]
    )
    yield ConTextRule(
        "has not gone so",
        "ABSENT",
        direction="FORWARD",
        pattern=[HAVE, {"LOWER": "not"}, *became],
        terminated_by={"STOP"},
    )
    for year in PAST_YEARS:
        yield ConTextRule(IN_A_YEAR, "PAST", pattern=year)
    yield ConTextRule(AT_A_YOUNG_AGE, "PAST", pattern=AT_AN_AGE)
    for literal in rules.neither:
        yield ConTextRule(literal, "NEITHER", direction="PSEUDO")
    never = [{"LOWER": "\0"}]  # without a pattern its matcher warns at every message
    yield ConTextRule("\0", "NEITHER", direction="PSEUDO", pattern=never)
    for literal in rules.stop:
        yield ConTextRule(literal, "STOP", direction="PSEUDO")

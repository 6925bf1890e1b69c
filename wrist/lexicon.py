"""Finds what a message says about symptoms, injury, conditions and time (domain layer).

    text -> plain words -> phrases and near words -> clauses -> status -> Reading

With `wrist.reading`, which only this module imports, the only part of `wrist` that
loads spaCy. Everything it knows is in `content/lexicon/*.yml`, `content/assertion.yml`
and `content/emergency_words.yml`.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from spacy.lookups import load_lookups

from wrist.findings import ENGLISH, Entity, Finding, Reading
from wrist.library import CONTENT
from wrist.models import Assertion
from wrist.reading.assertion import Judge
from wrist.reading.entities import EntityReader, EntityWords, Moment
from wrist.reading.files import AssertionRules, LexiconFile, merge, parse, vocabulary
from wrist.reading.foreign import ForeignWords
from wrist.reading.hits import Hit, Judged, longest
from wrist.reading.matching import Matcher
from wrist.reading.normalise import Normaliser, Spelling, Token
from wrist.reading.phrases import Phrases
from wrist.reading.questions import asks, wonders

MAX_CHARACTERS = 20_000
CHILD_BELOW = 16
STATED = frozenset({"injury", "condition", "medicine", "trigger"})


class Lexicon:
    """Reads messages. Built once, then only read, so threads may share it."""

    def __init__(
        self,
        rules: LexiconFile,
        normaliser: Normaliser,
        matcher: Matcher,
        judge: Judge,
        entities: EntityReader,
        foreign: ForeignWords,
    ) -> None:
        self._normaliser = normaliser
        self._matcher = matcher
        self._judge = judge
        self._entities = entities
        self._foreign = foreign
        self._apart_from = {
            id_: frozenset(rule.not_denied_with)
            for id_, rule in rules.findings.items()
            if rule.not_denied_with
        }
        self._talk = {i for i in rules.findings if i.startswith(("answer_", "all_"))}

    @classmethod
    def load(cls, folder: Path | None = None) -> "Lexicon":
        """Reads and compiles the content; ContentError names a broken entry."""
        folder = folder or CONTENT
        words = folder / "lexicon" / "words.yml"
        spelling = parse(Spelling, words)
        table = load_lookups("en", tables=["lemma_lookup"]).get_table("lemma_lookup")
        normaliser = Normaliser(spelling, table)
        files = sorted((folder / "lexicon").glob("*.yml"))
        special = {"words.yml", "entities.yml"}
        rules, places = merge([f for f in files if f.name not in special])
        entities = parse(EntityWords, folder / "lexicon" / "entities.yml")
        assertion = parse(AssertionRules, folder / "assertion.yml")
        normaliser.learn(vocabulary(rules, entities.words()))
        return cls(
            rules,
            normaliser,
            Matcher(rules, Phrases(rules, places, normaliser)),
            Judge(assertion, normaliser, rules.address),
            EntityReader(entities, normaliser),
            ForeignWords.load(folder / "emergency_words.yml"),
        )

    def read(self, text: str) -> Reading:
        """Findings, entities, whether it is a question, and the language."""
        text = text[:MAX_CHARACTERS]
        tokens = self._normaliser.tokens(text)
        foreign = self._foreign.read(text)
        hits = longest([*self._matcher.find(tokens), *self._fevers(tokens)])
        owners = self._judge.owners(tokens)
        judged = self._apart(self._judge.judge(tokens, hits, owners))
        entities, moments = self._entities.read(tokens, owners)
        entities = [_with_status(entity, judged, tokens) for entity in entities]
        entities = [_with_doubt(entity, tokens) for entity in entities]
        findings = [_finding(text, tokens, one, moments) for one in judged]
        if foreign.language != ENGLISH:
            findings = [f for f in findings if f.id not in self._talk]
        findings += foreign.findings
        findings += _children(text, entities, findings, owners, tokens)
        findings.sort(key=lambda f: (f.start, f.end, f.id))
        return Reading(
            findings=tuple(dict.fromkeys(findings)),
            entities=(*entities, *foreign.entities),
            is_question=asks(tokens),
            names_writer=self._judge.names_writer(tokens),
            names_other=any(owners),
            words=sum(token.word.isalnum() for token in tokens),
            language=foreign.language,
        )

    def _apart(self, judged: Sequence[Judged]) -> list[Judged]:
        """Without what is denied only because it is part of another wording.

        "I did not hurt it" denies an injury and says nothing of pain.
        """
        return [one for one in judged if not self._is_part(one, judged)]

    def _is_part(self, one: Judged, judged: Sequence[Judged]) -> bool:
        wholes = self._apart_from.get(one.hit.id)
        if not wholes or one.status is not Assertion.ABSENT:
            return False
        return any(
            other.hit.id in wholes
            and other.hit.start <= one.hit.start
            and one.hit.end <= other.hit.end
            for other in judged
        )

    def _fevers(self, tokens: Sequence[Token]) -> Iterable[Hit]:
        for start, end, high in self._entities.temperatures(tokens):
            yield Hit("fever", start, end, start, end, "said" if high else "measured")


@cache
def default() -> Lexicon:
    """The lexicon of the content, read once; threads share it."""
    return Lexicon.load()


def _finding(
    text: str,
    tokens: Sequence[Token],
    judged: Judged,
    moments: Sequence[Moment],
) -> Finding:
    hit = judged.hit
    start, end = tokens[hit.start].start, tokens[hit.end - 1].end
    return Finding(
        id=hit.id,
        status=judged.status,
        text=text[start:end],
        start=start,
        end=end,
        onset_days=_onset(judged, moments),
        person=judged.person,
    )


def _onset(judged: Judged, moments: Sequence[Moment]) -> float | None:
    """Days since it began, when its clause says so, or the one it is joined to."""
    if judged.status is Assertion.ABSENT:
        return None
    for moment in moments:
        if judged.clause_start <= moment.start < judged.clause_end:
            return moment.days
    for moment in reversed(moments):
        if judged.joined_to <= moment.start < judged.clause_start:
            return moment.days
    return None


def _children(
    text: str,
    entities: Sequence[Entity],
    findings: Sequence[Finding],
    owners: Sequence[str | None],
    tokens: Sequence[Token],
) -> Iterable[Finding]:
    """Another person under 16 is a child, whatever they are called."""
    if any(f.id == "child" for f in findings):
        return
    for entity in entities:
        if entity.entity == "age" and entity.role == "other_person":
            owner = next(
                o for o, t in zip(owners, tokens, strict=True) if t.end == entity.end
            )
            if int(entity.value) < CHILD_BELOW:
                start, end = entity.start, entity.end
                yield Finding(
                    id="child",
                    status=Assertion.OTHER_PERSON,
                    text=text[start:end],
                    start=start,
                    end=end,
                    person=owner,
                )


def _with_status(
    entity: Entity, judged: Sequence[Judged], tokens: Sequence[Token]
) -> Entity:
    """An entity inside a finding that is denied, past or imagined says so."""
    if entity.role or entity.entity not in STATED:
        return entity
    for one in judged:
        start, end = tokens[one.hit.key].start, tokens[one.hit.key_end - 1].end
        inside = start < entity.end and entity.start < end
        if inside and one.hit.kind == "said" and one.status is not Assertion.PRESENT:
            return entity.copy(update={"role": one.status.value})
    return entity


def _with_doubt(entity: Entity, tokens: Sequence[Token]) -> Entity:
    """ "Is it that I slept on it?" does not say so."""
    if entity.role or entity.entity != "trigger":
        return entity
    at = next(i for i, token in enumerate(tokens) if token.end > entity.start)
    if wonders(tokens, at):
        return entity.copy(update={"role": Assertion.UNCERTAIN.value})
    return entity


__all__ = ["Entity", "Finding", "Lexicon", "Reading"]

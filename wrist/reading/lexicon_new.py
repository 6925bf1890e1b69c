"""Finds what a message says about symptoms, injury, conditions and time (domain layer).

    text -> plain words -> phrases and near words -> clauses -> status -> Reading

The only part of `wrist` that loads spaCy. Everything it knows is in
`content/lexicon/*.yml`, `content/assertion.yml` and `content/emergency_words.yml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, Field, ValidationError
from spacy.lookups import load_lookups

from wrist.assertion import AssertionRules, Hit, Judge, Judged
from wrist.entities import EntityReader, EntityWords, Moment
from wrist.findings import Entity, Finding, Reading
from wrist.foreign import ForeignWords
from wrist.library import CONTENT, ContentError
from wrist.models import Assertion
from wrist.normalise import Normaliser, Spelling, Token

MAX_CHARACTERS = 20_000
MAX_SKIPPED = 4
MOST_TABLETS = 8
GAP = "..."
PAUSES = frozenset(".!?;\n,:()")
NEAR_BREAKS = PAUSES | {"but", "though", "although", "however"}
NO_GAP = NEAR_BREAKS | {"not", "no", "never", "without"}
YES_OR_NO = frozenset({"answer_yes", "answer_no"})
CHILD_BELOW = 16
IDIOM = "(idiom)"
ENGLISH = "en"
STATED = frozenset({"injury", "condition", "medicine", "trigger"})
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


class FindingRule(BaseModel, extra="forbid", frozen=True):
    """Wordings of one finding; the format is explained at the top of the file."""

    phrases: tuple[str, ...] = ()
    near: tuple[tuple[str, ...], ...] = ()
    within: int = Field(default=6, ge=1, le=12)
    not_near: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    of_others: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    mine: bool = False
    alone: bool = False
    asked: bool = False
    lasting: bool = False


NO_RULE = FindingRule()


class LexiconFile(BaseModel, extra="forbid", frozen=True):
    """One file of `content/lexicon`."""

    groups: dict[str, tuple[str, ...]] = {}
    fillers: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()
    after_answer: tuple[str, ...] = ()
    findings: dict[str, FindingRule] = {}


class _Near(NamedTuple):
    """Words that must stand close together; the last is the one that is denied."""

    id: str
    words: tuple[str, ...]
    within: int


Edges = list[list[tuple[str, int]]]
Node = dict[Any, Any]


class Lexicon:
    """Reads messages. Built once, then only read, so threads may share it."""

    def __init__(
        self,
        rules: LexiconFile,
        places: Mapping[str, Path],
        normaliser: Normaliser,
        judge: Judge,
        entities: EntityReader,
        foreign: ForeignWords,
    ) -> None:
        self._normaliser = normaliser
        self._judge = judge
        self._entities = entities
        self._foreign = foreign
        self._rules = rules.findings
        self._talk = {i for i in rules.findings if i.startswith(("answer_", "all_"))}
        self._fillers = frozenset(rules.fillers) | frozenset("'\"*_#~^") | {"'s"}
        self._dropped = frozenset(rules.dropped)
        self._body = frozenset(rules.body)
        self._after_answer = frozenset(rules.after_answer)
        self._groups: dict[str, tuple[str, ...]] = {}
        self._compounds: Node = {}
        self._phrases: Node = {}
        self._near: dict[str, list[_Near]] = {}
        self._guards: dict[str, frozenset[str]] = {}
        self._exact: set[str] = set()
        self._compile(rules, places)

    @classmethod
    def load(cls, folder: Path | None = None) -> "Lexicon":
        """Reads and compiles the content; ContentError names a broken entry."""
        folder = folder or CONTENT
        words = folder / "lexicon" / "words.yml"
        spelling = _parse(Spelling, words)
        table = load_lookups("en", tables=["lemma_lookup"]).get_table("lemma_lookup")
        normaliser = Normaliser(spelling, table)
        files = sorted((folder / "lexicon").glob("*.yml"))
        special = {"words.yml", "entities.yml"}
        rules, places = _merge([f for f in files if f.name not in special])
        entities = _parse(EntityWords, folder / "lexicon" / "entities.yml")
        assertion = _parse(AssertionRules, folder / "assertion.yml")
        normaliser.learn(_vocabulary(rules, entities))
        return cls(
            rules,
            places,
            normaliser,
            Judge(assertion, normaliser),
            EntityReader(entities, normaliser),
            ForeignWords.load(folder / "emergency_words.yml"),
        )

    def read(self, text: str) -> Reading:
        """Findings, entities, whether it is a question, and the language."""
        text = text[:MAX_CHARACTERS]
        tokens = self._normaliser.tokens(text)
        foreign = self._foreign.read(text)
        hits = _longest([*self._hits(tokens), *self._fevers(tokens)])
        owners = self._judge.owners(tokens)
        judged = self._judge.judge(tokens, hits, owners)
        entities, moments = self._entities.read(tokens, owners)
        entities = [_with_status(entity, judged, tokens) for entity in entities]
        findings = [_finding(text, tokens, one, moments) for one in judged]
        if foreign.language != ENGLISH:
            findings = [f for f in findings if f.id not in self._talk]
        findings += foreign.findings
        findings += _children(text, entities, findings, owners, tokens)
        findings.sort(key=lambda f: (f.start, f.end, f.id))
        return Reading(
            findings=tuple(dict.fromkeys(findings)),
            entities=(*entities, *foreign.entities),
            is_question=_asks(tokens),
            language=foreign.language,
        )

    # Compiling

    def _compile(self, rules: LexiconFile, places: Mapping[str, Path]) -> None:
        for name, members in rules.groups.items():
            for member in _flat(name, members, rules.groups):
                self._insert(self._compounds, member, ("group", name))
        for idiom in rules.idioms:
            self._insert_phrase(idiom, IDIOM, "said")
        for id_, rule in rules.findings.items():
            try:
                self._compile_finding(id_, rule, rules.groups)
            except ContentError as error:
                raise ContentError(f"{places[id_]}: findings.{id_}: {error}") from None

    def _compile_finding(
        self, id_: str, rule: FindingRule, groups: Mapping[str, Any]
    ) -> None:
        guards = [self._guard(word, groups) for word in rule.not_near]
        self._guards[id_] = frozenset(guards)
        for kind, phrases in (
            ("said", rule.phrases),
            ("denied", rule.denied_by),
            ("other", rule.of_others),
            ("over", rule.over),
        ):
            for phrase in phrases:
                self._insert_phrase(phrase, id_, kind)
        for words in rule.near:
            names = tuple(self._name(word, groups) for word in words)
            near = _Near(id_, names, rule.within)
            self._near.setdefault(names[-1], []).append(near)

    def _name(self, word: str, groups: Mapping[str, Any]) -> str:
        word = word.strip("{}")
        if word in groups or word == "number":
            return "{" + word + "}"
        if word.startswith("="):
            self._exact.add(word)
            return word
        return self._normaliser.lemma(word)

    def _guard(self, text: str, groups: Mapping[str, Any]) -> str:
        """Label of a guarding word; several words become a group of their own."""
        if " " not in text:
            return self._name(text, groups)
        self._insert(self._compounds, text, ("group", text))
        return "{" + text + "}"

    def _insert(self, root: Node, text: str, out: tuple[Any, ...]) -> None:
        lemmas = [t.lemma for t in self._normaliser.tokens(text)]
        if not lemmas:
            raise ContentError(f"nothing left of {text!r}")
        node = root
        for lemma in lemmas:
            node = node.setdefault(lemma, {})
        node.setdefault(None, []).append(out)

    def _insert_phrase(self, phrase: str, id_: str, kind: str) -> None:
        for labels in self._alternatives(phrase):
            node = self._phrases
            for label in labels:
                node = node.setdefault(label, {})
            node.setdefault(None, []).append((id_, kind))

    def _alternatives(self, phrase: str) -> Iterable[list[str]]:
        """Label lists of a phrase: `cold/blue {hand}` is two phrases."""
        slots: list[list[list[str]]] = []
        for part in phrase.split():
            options = part.split("/") if len(part) > 1 else [part]
            slots.append([self._labels(option) for option in options])
        for choice in product(*slots):
            labels = [label for option in choice for label in option]
            kept = [label for label in labels if label not in self._dropped]
            yield kept or labels

    def _labels(self, part: str) -> list[str]:
        if part == GAP or part.startswith("{"):
            if part != GAP and part not in self._group_names:
                raise ContentError(f"unknown group {part}")
            return [part]
        if part.startswith("="):
            self._exact.add(part)
            return [part]
        return [token.lemma for token in self._normaliser.tokens(part)]

    @property
    def _group_names(self) -> set[str]:
        if not self._groups:
            self._groups = {"{" + out[1] + "}": () for out in _outs(self._compounds)}
            self._groups["{number}"] = self._groups["{too_many}"] = ()
        return set(self._groups)

    # Matching

    def _hits(self, tokens: Sequence[Token]) -> list[Hit]:
        edges = self._edges(tokens)
        raw = list(self._phrase_hits(tokens, edges))
        idioms = [(h.start, h.end) for h in raw if h.id == IDIOM]
        raw = [h for h in raw if h.id != IDIOM]
        raw += self._near_hits(tokens, edges)
        kept = [
            h
            for h in raw
            if (h.asked or not any(s <= h.key < e for s, e in idioms))
            and self._guarded(tokens, edges, h)
        ]
        return _longest(kept)

    def _fevers(self, tokens: Sequence[Token]) -> Iterable[Hit]:
        for start, end, high in self._entities.temperatures(tokens):
            yield Hit("fever", start, end, start, end, "said" if high else "measured")

    def _edges(self, tokens: Sequence[Token]) -> Edges:
        """For each word the labels that start there and where each ends."""
        edges: Edges = []
        for i, token in enumerate(tokens):
            here = [(token.lemma, i + 1)]
            if "=" + token.word in self._exact:
                here.append(("=" + token.word, i + 1))
            if token.value is not None:
                here.append(("{number}", i + 1))
                if token.value > MOST_TABLETS:
                    here.append(("{too_many}", i + 1))
            node, at = self._compounds, i
            while at < len(tokens):
                if tokens[at].lemma not in node:
                    break
                node = node[tokens[at].lemma]
                at += 1
                here.extend(("{" + out[1] + "}", at) for out in node.get(None, ()))
            edges.append(here)
        return edges

    def _phrase_hits(self, tokens: Sequence[Token], edges: Edges) -> Iterable[Hit]:
        for i in range(len(tokens)):
            found: dict[tuple[str, str], int] = {}
            self._walk(tokens, edges, self._phrases, i, i, 0, found)
            for (id_, kind), end in found.items():
                rule = self._rules.get(id_, NO_RULE)
                yield _hit(id_, rule, (i, end), (i, end), kind)

    def _walk(
        self,
        tokens: Sequence[Token],
        edges: Edges,
        node: Node,
        at: int,
        end: int,
        skipped: int,
        found: dict[tuple[str, str], int],
    ) -> None:
        for out in node.get(None, ()):
            found[out] = max(found.get(out, 0), end)
        if at >= len(tokens):
            return
        for label, after in edges[at]:
            child = node.get(label)
            if child is not None:
                self._walk(tokens, edges, child, after, after, 0, found)
        gap = node.get(GAP)
        if gap is not None:
            self._walk(tokens, edges, gap, at, end, 0, found)
            word = tokens[at].word
            if skipped < MAX_SKIPPED and word not in NO_GAP:
                self._walk(tokens, edges, {GAP: gap}, at + 1, end, skipped + 1, found)
        if (
            node is not self._phrases
            and skipped < MAX_SKIPPED
            and tokens[at].word in self._fillers
        ):
            self._walk(tokens, edges, node, at + 1, end, skipped + 1, found)

    def _near_hits(self, tokens: Sequence[Token], edges: Edges) -> Iterable[Hit]:
        places: dict[str, list[tuple[int, int]]] = {}
        for i, here in enumerate(edges):
            for label, after in here:
                places.setdefault(label, []).append((i, after))
        breaks = [0]
        for token in tokens:
            breaks.append(breaks[-1] + (token.word in NEAR_BREAKS))
        for label in list(places):
            for near in self._near.get(label, ()):
                if all(word in places for word in near.words):
                    yield from self._near_places(near, places, breaks)

    def _near_places(
        self,
        near: _Near,
        places: Mapping[str, list[tuple[int, int]]],
        breaks: Sequence[int],
    ) -> Iterable[Hit]:
        for key, key_end in places[near.words[-1]]:
            start, end = key, key_end
            for word in near.words[:-1]:
                close = [
                    place
                    for place in places[word]
                    if abs(place[0] - key) <= near.within
                    and breaks[place[0]] == breaks[key]
                    and not (place[0] < key_end and key < place[1])
                ]
                if not close:
                    break
                best = min(close, key=lambda place: abs(place[0] - key))
                start, end = min(start, best[0]), max(end, best[1])
            else:
                rule = self._rules[near.id]
                yield _hit(near.id, rule, (start, end), (key, key_end), "said")

    def _guarded(self, tokens: Sequence[Token], edges: Edges, hit: Hit) -> bool:
        """Whether nothing next to the hit makes it mean something else."""
        rule = self._rules[hit.id]
        if rule.alone and not self._stands_alone(tokens, hit):
            return False
        if not rule.not_near and not rule.site:
            return True
        first, last = _around(tokens, hit, 8)
        labels = {label for i in range(first, last) for label, _ in edges[i]}
        if not self._guards[hit.id].isdisjoint(labels):
            return False
        if not rule.site:
            return True
        where = self._nearest_body(edges, first, last, hit)
        return where is None or where in rule.site

    def _stands_alone(self, tokens: Sequence[Token], hit: Hit) -> bool:
        """Whether a short answer fills its clause, or opens the message."""
        before = tokens[hit.start - 1].word if hit.start else "."
        if before not in PAUSES or (before in "?:" and hit.id == "answer_no"):
            return False
        if hit.end == len(tokens) or tokens[hit.end].word in PAUSES:
            return True
        opens = hit.start == 0 and hit.end == 1 and hit.id in YES_OR_NO
        return opens and tokens[hit.end].word in self._after_answer

    def _nearest_body(
        self, edges: Edges, first: int, last: int, hit: Hit
    ) -> str | None:
        """Group of the body part that the hit is about."""
        best: tuple[int, str] | None = None
        for i in range(first, last):
            for label, _ in edges[i]:
                name = label[1:-1]
                if label.startswith("{") and name in self._body:
                    inside = hit.start <= i < hit.end
                    before = i < hit.key
                    distance = 0 if inside else abs(i - hit.key) * 2 + (not before)
                    if best is None or distance < best[0]:
                        best = (distance, name)
        return best[1] if best else None


def _hit(
    id_: str, rule: FindingRule, span: tuple[int, int], key: tuple[int, int], kind: str
) -> Hit:
    flags = (rule.mine, rule.asked, rule.lasting)
    return Hit(id_, *span, *key, kind, *flags)


def _around(tokens: Sequence[Token], hit: Hit, reach: int) -> tuple[int, int]:
    """The words of the same clause within reach of a hit."""
    first = hit.start
    while first > 0 and hit.start - first < reach:
        if tokens[first - 1].word in NEAR_BREAKS:
            break
        first -= 1
    last = hit.end
    while last < len(tokens) and last - hit.end < reach:
        if tokens[last].word in NEAR_BREAKS:
            break
        last += 1
    return first, last


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of several hits for one finding that overlap, the longest."""
    kept: list[Hit] = []
    by_id: dict[str, list[Hit]] = {}
    ordered = sorted(set(hits), key=lambda h: (h.start - h.end, h.start, h.kind))
    for hit in ordered:
        others = by_id.setdefault(hit.id, [])
        if all(hit.end <= o.start or o.end <= hit.start for o in others):
            others.append(hit)
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.start, h.end, h.id))


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


def _asks(tokens: Sequence[Token]) -> bool:
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


def _outs(node: Node) -> Iterable[tuple[Any, ...]]:
    for key, child in node.items():
        if key is None:
            yield from child
        else:
            yield from _outs(child)


def _flat(
    name: str,
    members: Iterable[str],
    groups: Mapping[str, tuple[str, ...]],
    depth: int = 0,
) -> Iterable[str]:
    """Members of a group with the groups inside it written out."""
    if depth > 5:
        raise ContentError(f"group {name} holds itself")
    for member in members:
        if member.startswith("{"):
            inner = member.strip("{}")
            if inner not in groups:
                raise ContentError(f"group {name}: unknown group {member}")
            yield from _flat(inner, groups[inner], groups, depth + 1)
        else:
            yield member


def _vocabulary(rules: LexiconFile, entities: EntityWords) -> set[str]:
    """Every word of the content, for the spelling corrector."""
    texts: list[str] = [m for members in rules.groups.values() for m in members]
    for rule in rules.findings.values():
        texts += [
            *rule.phrases,
            *rule.denied_by,
            *rule.of_others,
            *rule.over,
            *(w for n in rule.near for w in n),
        ]
    texts += entities.words()
    words = " ".join(texts).replace("/", " ").replace("=", " ").split()
    return {word for word in words if word.isalpha()}


class _StrictLoader(yaml.BaseLoader):
    """Text only (no yes/no booleans), and no key twice."""


def _mapping(loader: yaml.BaseLoader, node: yaml.MappingNode) -> dict[str, Any]:
    keys: set[str] = set()
    for key_node, _ in node.value:
        if key_node.value in keys:
            line = key_node.start_mark.line + 1
            raise ContentError(f"line {line}: {key_node.value!r} stands twice")
        keys.add(key_node.value)
    mapping = loader.construct_mapping(node, deep=True)
    return {str(key): value for key, value in mapping.items()}


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except ContentError as error:
        raise ContentError(f"{path}: {error}") from None
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise ContentError(f"{path}: expected a mapping at the top level")
    return data


def _parse(model: type[Any], path: Path) -> Any:
    try:
        return model.parse_obj(_read(path))
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()
        )
        raise ContentError(f"{path}: {reasons}") from error


def _merge(paths: Iterable[Path]) -> tuple[LexiconFile, dict[str, Path]]:
    """The lexicon files as one; an id may stand in one of them only."""
    data: dict[str, Any] = {"groups": {}, "findings": {}}
    lists: dict[str, list[str]] = {}
    places: dict[str, Path] = {}
    for path in paths:
        part: LexiconFile = _parse(LexiconFile, path)
        for key in ("groups", "findings"):
            for name, value in getattr(part, key).items():
                if name in data[key]:
                    raise ContentError(f"{path}: {key}.{name} stands twice")
                data[key][name] = value
                places[name] = path
        for key in ("fillers", "dropped", "body", "idioms", "after_answer"):
            lists.setdefault(key, []).extend(getattr(part, key))
    return LexiconFile.parse_obj({**data, **lists}), places


__all__ = ["Entity", "Finding", "Lexicon", "Reading"]

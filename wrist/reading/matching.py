"""Finds the compiled wordings in the words of a message."""

from collections.abc import Iterable, Mapping, Sequence

from wrist.reading.files import FindingRule, LexiconFile
from wrist.reading.hits import Hit, longest
from wrist.reading.normalise import Token
from wrist.reading.phrases import FOR_LIFE, GAP, IDIOM, Near, Node, Phrases

MAX_SKIPPED = 4
MOST_TABLETS = 8
PAUSES = frozenset(".!?;\n,:()")
NEAR_BREAKS = PAUSES | {"but", "though", "although", "however"}
NO_GAP = NEAR_BREAKS | {"not", "no", "never", "without"}
YES_OR_NO = frozenset({"answer_yes", "answer_no"})
NO_RULE = FindingRule()
Edges = list[list[tuple[str, int]]]


class Matcher:
    """Finds hits; knows no statuses."""

    def __init__(self, rules: LexiconFile, phrases: Phrases) -> None:
        self._rules = rules.findings
        self._phrases = phrases
        self._fillers = frozenset(rules.fillers) | frozenset("'\"*_#~^") | {"'s"}
        self._body = frozenset(rules.body)
        self._after_answer = frozenset(rules.after_answer)
        self._before_answer = frozenset(rules.before_answer + rules.dropped)
        self._address = frozenset(rules.address)

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Hits that nothing beside them makes mean something else."""
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
        return longest(kept)

    def _edges(self, tokens: Sequence[Token]) -> Edges:
        """For each word the labels that start there and where each ends."""
        edges: Edges = []
        for i, token in enumerate(tokens):
            here = [(token.lemma, i + 1)]
            if "=" + token.word in self._phrases.exact:
                here.append(("=" + token.word, i + 1))
            if token.value is not None:
                here.append(("{number}", i + 1))
                if token.value > MOST_TABLETS:
                    here.append(("{too_many}", i + 1))
            node, at = self._phrases.compounds, i
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
            found: set[tuple[str, str, int]] = set()
            self._walk(tokens, edges, self._phrases.root, i, i, 0, found)
            for id_, kind, end in found:
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
        found: set[tuple[str, str, int]],
    ) -> None:
        for out in node.get(None, ()):
            found.add((*out, end))
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
            node is not self._phrases.root
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
            for near in self._phrases.near.get(label, ()):
                if all(word in places for word in near.words):
                    yield from self._near_places(near, places, breaks)

    def _near_places(
        self,
        near: Near,
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
        if (rule.alone or hit.kind == "alone") and not self._stands_alone(tokens, hit):
            return False
        if not rule.not_near and not rule.not_in and not rule.site:
            return True
        first, last = _around(tokens, hit, 8)
        wholes = self._phrases.wholes[hit.id]
        if any(
            label in wholes and end > hit.start
            for start in range(first, hit.end)
            for label, end in edges[start]
        ):
            return False
        labels = {label for i in range(first, last) for label, _ in edges[i]}
        if not self._phrases.guards[hit.id].isdisjoint(labels):
            return False
        if not rule.site:
            return True
        where = self._nearest_body(edges, first, last, hit)
        return where is None or where in rule.site

    def _stands_alone(self, tokens: Sequence[Token], hit: Hit) -> bool:
        """Whether a short answer fills its clause, or, as "yes" does, opens a message.

        "Ok" only opens what comes: "ok i warmed them up" is no yes.
        """
        start, end = hit.start, hit.end
        while start and tokens[start - 1].word in self._before_answer:
            start -= 1
        while end < len(tokens) and tokens[end].word in self._address:
            end += 1
        before = tokens[start - 1].word if start else "."
        if before not in PAUSES or (before in "?:" and hit.id == "answer_no"):
            return False
        if end == len(tokens) or tokens[end].word in PAUSES:
            return True
        one_word = hit.end == hit.start + 1 and hit.kind != "alone"
        opens = start == 0 and one_word and hit.id in YES_OR_NO
        following = {tokens[hit.end].word, tokens[end].word}
        return opens and not self._after_answer.isdisjoint(following)

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
    lasting = rule.lasting or kind == FOR_LIFE
    flags = (rule.mine, rule.asked, lasting, rule.even_if_gone)
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

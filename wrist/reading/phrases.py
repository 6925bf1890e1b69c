"""Compiles the wordings of all findings into one tree of words.

"cold/blue {hand}" -> cold -> {hand}, blue -> {hand}
"""

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from wrist.content_file import ContentError, line_of
from wrist.reading.files import FindingRule, LexiconFile, flat
from wrist.reading.normalise import Normaliser

GAP = "..."
IDIOM = "(idiom)"
FOR_LIFE = "for_life"
Node = dict[Any, Any]


class Near(NamedTuple):
    """Words that must stand close together; the last is the one that is denied."""

    id: str
    words: tuple[str, ...]
    within: int


class Phrases:
    """Wordings as trees and tables. Built once, then only read."""

    def __init__(
        self, rules: LexiconFile, places: Mapping[str, Path], normaliser: Normaliser
    ) -> None:
        self.compounds: Node = {}
        self.root: Node = {}
        self.near: dict[str, list[Near]] = {}
        self.guards: dict[str, frozenset[str]] = {}
        self.wholes: dict[str, frozenset[str]] = {}
        self.exact: set[str] = set()
        self._normaliser = normaliser
        self._dropped = frozenset(rules.dropped)
        self._groups = {"{" + name + "}" for name in rules.groups}
        self._groups |= {"{number}", "{too_many}"}
        self._compile(rules, places)

    def _compile(self, rules: LexiconFile, places: Mapping[str, Path]) -> None:
        for name, members in rules.groups.items():
            for member in flat(name, members, rules.groups):
                self._insert(self.compounds, member, ("group", name))
        for idiom in rules.idioms:
            self._insert_phrase(idiom, IDIOM, "said")
        for id_, rule in rules.findings.items():
            try:
                self._compile_finding(id_, rule, rules.groups)
            except ContentError as error:
                line = line_of(places[id_], ("findings", id_))
                where = f"{places[id_]}:{line}: findings.{id_}"
                raise ContentError(f"{where}: {error}") from None

    def _compile_finding(
        self, id_: str, rule: FindingRule, groups: Mapping[str, Any]
    ) -> None:
        for guards, words in (
            (self.guards, rule.not_near),
            (self.wholes, rule.not_in),
        ):
            guards[id_] = frozenset(self._guard(word, groups) for word in words)
        for kind, phrases in (
            ("said", rule.phrases),
            ("denied", rule.denied_by),
            ("other", rule.of_others),
            ("over", rule.over),
            ("doubted", rule.in_doubt),
            (FOR_LIFE, rule.for_life),
            ("alone", rule.on_its_own),
        ):
            for phrase in phrases:
                self._insert_phrase(phrase, id_, kind)
        for words in rule.near:
            names = tuple(self._name(word, groups) for word in words)
            near = Near(id_, names, rule.within)
            self.near.setdefault(names[-1], []).append(near)

    def _name(self, word: str, groups: Mapping[str, Any]) -> str:
        word = word.strip("{}")
        if word in groups or word == "number":
            return "{" + word + "}"
        if word.startswith("="):
            self.exact.add(word)
            return word
        return self._normaliser.lemma(word)

    def _guard(self, text: str, groups: Mapping[str, Any]) -> str:
        """Label of a guarding word; several words become a group of their own."""
        if " " not in text:
            return self._name(text, groups)
        self._insert(self.compounds, text, ("group", text))
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
            node = self.root
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
            if len(labels) > 1 and labels[-1] in self._dropped:
                # Without its last word "scared of her" would be any fear.
                word = labels[-1]
                raise ContentError(f"{phrase!r} ends in a dropped word: write ={word}")
            kept = [label for label in labels if label not in self._dropped]
            yield kept or labels

    def _labels(self, part: str) -> list[str]:
        if part == GAP or part.startswith("{"):
            if part != GAP and part not in self._groups:
                raise ContentError(f"unknown group {part}")
            return [part]
        if part.startswith("="):
            self.exact.add(part)
            return [part]
        return [token.lemma for token in self._normaliser.tokens(part)]

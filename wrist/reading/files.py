"""The shapes of the lexicon's YAML files, and reading and checking them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Field, ValidationError

from wrist.content_file import ContentError, first_place, line_of, reasons
from wrist.models import Assertion

LISTS = (
    *("fillers", "dropped", "body", "idioms"),
    *("after_answer", "before_answer", "address"),
)


class FindingRule(BaseModel, extra="forbid", frozen=True):
    """Wordings of one finding; the format is explained at the top of the file."""

    phrases: tuple[str, ...] = ()
    near: tuple[tuple[str, ...], ...] = ()
    within: int = Field(default=6, ge=1, le=12)
    not_near: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    of_others: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    in_doubt: tuple[str, ...] = ()
    for_life: tuple[str, ...] = ()
    on_its_own: tuple[str, ...] = ()
    not_denied_with: tuple[str, ...] = ()
    mine: bool = False
    alone: bool = False
    asked: bool = False
    lasting: bool = False
    even_if_gone: bool = False


class LexiconFile(BaseModel, extra="forbid", frozen=True):
    """One file of `content/lexicon`."""

    groups: dict[str, tuple[str, ...]] = {}
    fillers: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()
    after_answer: tuple[str, ...] = ()
    before_answer: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    findings: dict[str, FindingRule] = {}


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
    became: tuple[str, ...]
    stop: tuple[str, ...]
    contrast: tuple[str, ...]
    clause_starters: tuple[str, ...]
    list_words: tuple[str, ...]
    answers: tuple[str, ...]
    general_questions: tuple[str, ...]
    owners: Owners

    @property
    def times(self) -> tuple[str, ...]:
        """Wordings of the past that say when it was: "last year", "ages ago"."""
        past = self.statuses[Assertion.PAST]
        return (*past.around, *(one for one in past.after if one.endswith(" ago")))


def parse(model: type[Any], path: Path) -> Any:
    try:
        return model.parse_obj(_read(path))
    except ValidationError as error:
        line = line_of(path, first_place(error))
        raise ContentError(f"{path}:{line}: {reasons(error)}") from error


def merge(paths: Iterable[Path]) -> tuple[LexiconFile, dict[str, Path]]:
    """The lexicon files as one; an id may stand in one of them only."""
    data: dict[str, Any] = {"groups": {}, "findings": {}}
    lists: dict[str, list[str]] = {}
    places: dict[str, Path] = {}
    for path in paths:
        part: LexiconFile = parse(LexiconFile, path)
        for key in ("groups", "findings"):
            for name, value in getattr(part, key).items():
                if name in data[key]:
                    raise ContentError(f"{path}: {key}.{name} stands twice")
                data[key][name] = value
                places[name] = path
        for key in LISTS:
            lists.setdefault(key, []).extend(getattr(part, key))
    return LexiconFile.parse_obj({**data, **lists}), places


def flat(
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
            yield from flat(inner, groups[inner], groups, depth + 1)
        else:
            yield member


def vocabulary(rules: LexiconFile, others: Iterable[str]) -> set[str]:
    """Every word of the content, for the spelling corrector."""
    texts: list[str] = [m for members in rules.groups.values() for m in members]
    for rule in rules.findings.values():
        texts += [
            *rule.phrases,
            *rule.denied_by,
            *rule.of_others,
            *rule.over,
            *rule.in_doubt,
            *rule.for_life,
            *rule.on_its_own,
            *(w for n in rule.near for w in n),
        ]
    texts += others
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

"""Loads the content files into one Library and cross-checks every id in them.

wrist/content/*.yml --> frozen models --> Library: for each kind, items by id
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from wrist import crosscheck, models, rules
from wrist.case import Case
from wrist.content_file import (
    ContentError,
    first_place,
    line_of,
    place_of,
    read_yaml,
    reasons,
)
from wrist.models import Assertion
from wrist.models_dialogue import Levels, Phrase, Question
from wrist.models_referral import Referral
from wrist.models_safety import EmergencyLanguage, MultiCard, TriageExtras, closure

CONTENT = Path(__file__).parent / "content"
REGION_VARIABLE = "REGION"
DEFAULT_REGION = "uk"

Model = TypeVar("Model", bound=BaseModel)


def build(
    model: type[Model], entries: Iterable[Any], path: Path, key: str, **defaults: Any
) -> list[Model]:
    """`entries` as models; raises ContentError naming file, line, key and entry."""
    built = []
    for number, entry in enumerate(entries or ()):
        try:
            built.append(model.parse_obj({**defaults, **entry}))
        except (ValidationError, TypeError) as error:
            name = entry.get("id", number) if isinstance(entry, dict) else number
            line = line_of(path, (*key.split("."), number, *first_place(error)))
            where = f"{path}:{line}: {key}[{name}]"
            raise ContentError(f"{where}: {reasons(error)}") from error
    return built


def by_id(items: Sequence[Any], path: Path) -> dict[str, Any]:
    """Items by their id; raises ContentError when an id stands twice."""
    found: dict[str, Any] = {}
    for item in items:
        if item.id in found:
            raise ContentError(f"{path}: id {item.id} stands twice")
        found[item.id] = item
    return found


@dataclass(frozen=True)
class Library:
    """All content of one region, by id."""

    sources: dict[str, models.Source]
    region: models.Region
    answers: dict[str, models.Answer]
    corrections: dict[str, models.Correction]
    red_flags: dict[str, models.RedFlag]
    self_care_patterns: dict[str, models.SelfCarePattern]
    safety_nets: dict[models.Disposition, models.SafetyNet]
    triage: TriageExtras
    contraindications: dict[str, models.Contraindication]
    stop_signs: dict[str, models.StopSign]
    warnings: tuple[models.Sentence, ...]
    techniques: dict[str, models.Technique]
    referral: Referral
    danger: tuple[Question, ...]
    before_massage: tuple[Question, ...]
    questions: dict[str, Question]
    lasting: frozenset[str]
    detail_for: dict[str, str]
    phrases: dict[str, Phrase]
    levels: Levels
    languages: dict[str, EmergencyLanguage]
    multi_card: MultiCard

    @cached_property
    def corrections_by_ref(self) -> dict[str, models.Correction]:
        """Corrections by their number in the seeds' list (C01 ...)."""
        return {item.ref: item for item in self.corrections.values()}

    def corrections_for(self, topic: str) -> tuple[str, ...]:
        """Numbers of the corrections that belong to a topic, its answer's own first."""
        named = self.answers[topic].corrections if topic in self.answers else ()
        others = [c.ref for c in self.corrections.values() if topic in c.topics]
        return tuple(dict.fromkeys((*named, *others)))

    @cached_property
    def condition_findings(self) -> frozenset[str]:
        """Findings that are conditions of the person, not ages."""
        return self.lasting - {"child", "teen", "adult", "older"}

    @cached_property
    def brings(self) -> dict[str, tuple[str, ...]]:
        """What a finding implies, and the graver one that it has us ask about."""
        implies, suggests = self.triage.implies, self.triage.suggests
        asked = {one: (graver,) for one, graver in suggests.items()}
        every = {*implies, *asked}
        return {one: implies.get(one, ()) + asked.get(one, ()) for one in every}

    @cached_property
    def open_to_all_fine(self) -> tuple[str, ...]:
        """What "all fine" denies: everything about danger and the skin."""
        skin = self.questions["skin"]
        asked = [question for question in self.danger if question.only_if is None]
        return tuple(f for question in (*asked, skin) for f in question.covers)

    def evidence(self, findings: Mapping[str, Assertion]) -> frozenset[str]:
        """What rules look at: present findings, lasting past ones, what they imply."""
        counted = {
            finding
            for finding, status in findings.items()
            if status is Assertion.PRESENT
            or (status is Assertion.PAST and finding in self.triage.past_counts)
        }
        return closure(counted, self.triage.implies)

    @cached_property
    def _flags_naming(self) -> dict[str, frozenset[str]]:
        """For each finding, the red flags whose rules name it."""
        return _naming(
            {
                flag.id: [flag.when, *(variant.when for variant in flag.variants)]
                for flag in self.red_flags.values()
            }
        )

    @cached_property
    def _contraindications_naming(self) -> dict[str, frozenset[str]]:
        """For each finding, the contraindications whose rules name it."""
        every = self.contraindications.values()
        return _naming({item.id: [item.when] for item in every})

    def names_a_contraindication(self, findings: Iterable[str]) -> bool:
        """Whether any of these findings is a reason against massage by some rule."""
        lasting = self.lasting - {"adult"}
        naming = self._contraindications_naming
        return any(one in naming and one in lasting for one in findings)

    def flags_touched_by(self, findings: Iterable[str]) -> list[models.RedFlag]:
        """The red flags that these findings can fire, in the order of the content."""
        touched = {f for one in findings for f in self._flags_naming.get(one, ())}
        return [flag for flag in self.red_flags.values() if flag.id in touched]

    def applying(
        self, case: Case, said: frozenset[str] = frozenset()
    ) -> list[models.Contraindication]:
        """The contraindications that hold for this case and what is `said` just now."""
        evidence = self.evidence(case.findings) | said
        naming = self._contraindications_naming
        touched = {item for one in evidence for item in naming.get(one, ())}
        return [
            item
            for item in self.contraindications.values()
            if (item.id in touched or item.when.function)
            and rules.holds(item.when, evidence, case)
        ]

    def finding_label(self, finding: str) -> str:
        """A finding in words."""
        return self.levels.labels.get(finding, finding.replace("_", " "))

    def status_of(self, item: str) -> models.Status | None:
        """The status of an item, for its sentences that have none of their own."""
        for kind in (
            self.answers,
            self.corrections,
            self.red_flags,
            self.contraindications,
            self.stop_signs,
            self.self_care_patterns,
        ):
            if item in kind:
                return kind[item].status
        technique = self.techniques.get(item.partition(".")[0])
        return technique.status if technique else None


def _naming(rows: Mapping[str, Iterable[models.When]]) -> dict[str, frozenset[str]]:
    """For each finding, the ids of the items whose rules name it."""
    naming: dict[str, set[str]] = {}
    for item, whens in rows.items():
        for finding in frozenset().union(*(rules.named(when) for when in whens)):
            naming.setdefault(finding, set()).add(item)
    return {finding: frozenset(items) for finding, items in naming.items()}


def load(folder: Path = CONTENT, region: str | None = None) -> Library:
    """Everything in `folder` for one region; raises ContentError on the first fault."""
    name = region or os.environ.get(REGION_VARIABLE) or DEFAULT_REGION
    library = Library(
        **_reference(folder, name), **_medical(folder), **_dialogue(folder)
    )
    try:
        crosscheck.check(library)
    except crosscheck.DanglingReference as error:
        where = place_of(error.item, error.text, sorted(folder.rglob("*.yml")))
        raise ContentError(f"{where}{error}") from error
    return library


@cache
def default() -> Library:
    """The library of the configured region, read once."""
    return load()


def _reference(folder: Path, region: str) -> dict[str, Any]:
    sources, path = _open(folder, "sources.yml")
    chosen = folder / "regions" / f"{region}.yml"
    if not chosen.is_file():
        known = ", ".join(sorted(p.stem for p in chosen.parent.glob("*.yml")))
        raise ContentError(
            f"{REGION_VARIABLE}={region}: no such region; known: {known}"
        )
    languages, languages_path = _open(folder, "emergency_words.yml")
    built = build(
        EmergencyLanguage, languages["languages"], languages_path, "languages"
    )
    return {
        "sources": {
            name: _one(models.Source, entry, path, f"sources.{name}")
            for name, entry in sources["sources"].items()
        },
        "region": _one(models.Region, read_yaml(chosen), chosen, region),
        "languages": {language.code: language for language in built},
        "multi_card": _one(
            MultiCard, languages["multi_card"], languages_path, "multi_card"
        ),
    }


def _medical(folder: Path) -> dict[str, Any]:
    answers: list[models.Answer] = []
    for path in sorted((folder / "answers").glob("*.yml")):
        answers += build(models.Answer, read_yaml(path)["answers"], path, "answers")
    triage, path = _open(folder, "triage.yml")
    flags = build(models.RedFlag, triage["red_flags"], path, "red_flags")
    patterns = build(
        models.SelfCarePattern, triage["self_care_patterns"], path, "self_care_patterns"
    )
    nets = build(models.SafetyNet, triage["safety_net"], path, "safety_net")
    extras = {name: triage[name] for name in TriageExtras.__fields__}
    safety, safety_path = _open(folder, "safety.yml")
    contraindications = build(
        models.Contraindication,
        safety["contraindications"],
        safety_path,
        "contraindications",
    )
    signs = build(models.StopSign, safety["stop_signs"], safety_path, "stop_signs")
    massage, massage_path = _open(folder, "massage.yml")
    techniques = build(
        models.Technique, massage["techniques"], massage_path, "techniques"
    )
    corrections, corrections_path = _open(folder, "corrections.yml")
    claims = build(
        models.Correction, corrections["corrections"], corrections_path, "corrections"
    )
    referral, referral_path = _open(folder, "referral.yml")
    return {
        "answers": by_id(answers, folder / "answers"),
        "corrections": by_id(claims, corrections_path),
        "red_flags": by_id(flags, path),
        "self_care_patterns": by_id(patterns, path),
        "safety_nets": {net.disposition: net for net in nets},
        "triage": _one(TriageExtras, extras, path, "triage"),
        "contraindications": by_id(contraindications, safety_path),
        "stop_signs": by_id(signs, safety_path),
        "warnings": tuple(
            build(models.Sentence, safety["warnings"], safety_path, "warnings")
        ),
        "techniques": by_id(techniques, massage_path),
        "referral": _one(Referral, referral, referral_path, "referral"),
    }


def _dialogue(folder: Path) -> dict[str, Any]:
    screen, path = _open(folder, "screen.yml")
    groups = {
        group: build(Question, screen[group], path, group)
        for group in ("danger", "before_massage", "stop_check", "details", "which")
    }
    every = [question for group in groups.values() for question in group]
    triage, triage_path = _open(folder, "triage.yml")
    every += [
        _flag_question(entry, triage, triage_path)
        for entry in triage["red_flags"]
        if entry.get("also_ask")
    ]
    service, service_path = _open(folder, "service.yml")
    phrases = build(Phrase, service["phrases"], service_path, "phrases")
    levels, levels_path = _open(folder, "levels.yml")
    return {
        "danger": tuple(groups["danger"]),
        "before_massage": tuple(groups["before_massage"]),
        "questions": by_id(every, path),
        "lasting": frozenset(screen["lasting"]),
        "detail_for": screen["detail_for"],
        "phrases": by_id(phrases, service_path),
        "levels": _one(Levels, levels, levels_path, "levels"),
    }


def also_id(flag_id: str) -> str:
    """Id of the question that follows the care card of a flag."""
    return f"also_{flag_id}"


def _flag_question(
    entry: dict[str, Any], triage: dict[str, Any], path: Path
) -> Question:
    yes = triage["follow_ups"].get(entry["id"], [])
    question = {
        "id": also_id(entry["id"]),
        "ask": entry["also_ask"],
        "why": entry["points"][0],
        "covers": yes,
        "on_yes": yes,
        "buttons": ["Yes", "No", "Not sure"],
    }
    return _one(Question, question, path, question["id"])


def _open(folder: Path, name: str) -> tuple[dict[str, Any], Path]:
    path = folder / name
    return read_yaml(path), path


def _one(model: type[Model], entry: Any, path: Path, name: str) -> Model:
    return build(model, [entry], path, name)[0]

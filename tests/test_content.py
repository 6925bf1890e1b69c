"""The content agrees with itself, with the lexicon and with the code."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from tests.project_files import examples, load
from tools.environment import ROOT
from wrist import crosscheck, library, rules
from wrist.models import SEED_LINE, Reviewed, When


def findings_of_the_lexicon() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "wrist" / "content" / "lexicon").glob("*.yml"):
        found |= set(load(path).get("findings", {}))
    return found


def rule_findings(content: library.Library) -> dict[str, set[str]]:
    """Findings that the content's rules name, with who names them."""
    whens: list[tuple[str, When]] = []
    for flag in content.red_flags.values():
        whens += [(flag.id, flag.when), *((flag.id, v.when) for v in flag.variants)]
    for kind in (
        content.contraindications,
        content.stop_signs,
        content.self_care_patterns,
    ):
        whens += [(item.id, item.when) for item in kind.values()]
    whens += [(q.id, q.only_if) for q in content.questions.values() if q.only_if]
    found: dict[str, set[str]] = defaultdict(set)
    for item, when in whens:
        for finding in rules.named(when):
            found[finding].add(item)
    return found


def test_every_finding_that_a_rule_names_can_be_found() -> None:
    content = library.load()
    known = findings_of_the_lexicon() | set(content.red_flags)
    known |= {f for row in content.triage.implies.values() for f in row}
    known |= {f for one in content.languages.values() for f in one.finding.values()}
    known |= {"during_massage"}  # set by the program
    known |= {item.id for item in content.contraindications.values()}  # not yet worded
    missing = {f: w for f, w in rule_findings(content).items() if f not in known}
    assert not missing, "nothing finds these"


def test_every_finding_of_questions_and_of_what_follows_can_be_found() -> None:
    content = library.load()
    known = findings_of_the_lexicon() | set(content.red_flags)
    for question in content.questions.values():
        named = {
            *question.covers,
            *question.closed_by,
            *question.on_yes,
            *question.unsure,
        }
        assert named <= known, (question.id, named - known)
    lasting = content.lasting | set(content.triage.past_counts)
    assert lasting <= known, lasting - known
    assert set(content.triage.implies) <= known, set(content.triage.implies) - known
    suggested = content.triage.suggests
    assert {*suggested, *suggested.values()} <= known
    levels = content.levels
    for ids in (levels.danger_findings, levels.need_company, levels.not_found_first):
        assert set(ids) <= known, set(ids) - known
    follow = {f for row in content.triage.follow_ups.values() for f in row}
    assert follow <= known


def test_predicates_named_in_content_exist() -> None:
    content = library.load()
    kinds = (
        *content.red_flags.values(),
        *content.contraindications.values(),
        *content.stop_signs.values(),
        *content.self_care_patterns.values(),
    )
    for item in kinds:
        name = item.when.function
        assert name is None or name in rules.PREDICATES, (item.id, name)


def test_every_content_item_is_used() -> None:
    """Answers are reached by their topic, flags and warnings by their rule."""
    content = library.load()
    topics = {i.removeprefix("faq/") for i, _ in examples() if i.startswith("faq/")}
    assert topics == set(content.answers)
    reached = {q.id for q in (*content.danger, *content.before_massage)}
    reached |= {q.which for q in content.questions.values() if q.which}
    reached |= {a.ask for a in content.answers.values() if a.ask}
    reached |= set(content.detail_for.values()) | set(called_questions())
    assert set(content.questions) <= reached, set(content.questions) - reached
    assert set(content.detail_for) <= set(content.contraindications)
    used = set()
    for _, sentence in crosscheck.sentences(content):
        used |= {one for one in sentence.sources if not SEED_LINE.match(one)}
    used |= {s for region in ("uk", "us", "eu") for s in region_sources(region)}
    used |= {s for one in content.languages.values() for s in one.card.sources}
    idle = set(content.sources) - used
    assert not idle, f"sources that nothing cites: {sorted(idle)}"


def region_sources(region: str) -> set[str]:
    return {
        s for ids in library.load(region=region).region.sources.values() for s in ids
    }


def called_questions() -> Iterator[str]:
    """Questions that the code opens by name, and those that follow a card."""
    content = library.load()
    yield from (name for name in content.questions if name.startswith("also_"))
    for path in (ROOT / "wrist").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in content.questions:
                yield node.value


def test_every_medical_item_cites_a_source_and_says_when_it_was_reviewed() -> None:
    content = library.load()
    for kind in vars(content).values():
        for item in kind.values() if isinstance(kind, dict) else ():
            if isinstance(item, Reviewed):
                assert isinstance(item.reviewed_on, date), item.id
                assert item.reviewed_on <= date.today(), item.id
                assert item.signed_off_by is None or item.signed_off_by.strip(), item.id
    for item, sentence in crosscheck.sentences(content):
        assert sentence.sources, (item, sentence.say)


def test_references_resolve_in_every_region() -> None:
    for path in (ROOT / "wrist" / "content" / "regions").glob("*.yml"):
        crosscheck.check(library.load(region=path.stem))

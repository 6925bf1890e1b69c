"""The project agrees with itself: domain, data, actions, content, README, Makefile.

`rasa data validate` does not fail on most of this.
"""

from __future__ import annotations

import ast
import inspect
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action

from tools.environment import ROOT
from wrist import crosscheck, library, replies, rules
from wrist.case import Case
from wrist.models import SEED_LINE, Reviewed, When

FALLBACK = "nlu_fallback"
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def load(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


@cache
def domain() -> dict[str, Any]:
    return load(ROOT / "domain.yml")


@cache
def intents() -> frozenset[str]:
    listed = domain()["intents"]
    return frozenset(i if isinstance(i, str) else next(iter(i)) for i in listed)


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """(intent or faq/topic, sentence without annotations) of all training data."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in load(path).get("nlu", []):
            for line in str(block.get("examples", "")).splitlines():
                if line.strip().startswith("- "):
                    text = ANNOTATION.sub(r"\1", line.strip()[2:])
                    found.append((block["intent"], text))
    return tuple(found)


def plain(text: str) -> str:
    """A sentence as far as it must differ from others."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", folded)
    return " ".join(words) or folded.strip()


def paths(folder: str) -> Iterator[dict[str, Any]]:
    """Every rule and story in a folder of data."""
    for path in sorted((ROOT / "data" / folder).rglob("*.yml")):
        data = load(path)
        yield from (*data.get("rules", []), *data.get("stories", []))


def steps() -> Iterator[dict[str, Any]]:
    for folder in ("rules", "stories"):
        for one in paths(folder):
            yield from one["steps"]


# --- intents --------------------------------------------------------------------------


def test_every_intent_has_enough_examples() -> None:
    counts: dict[str, int] = defaultdict(int)
    for intent, _ in examples():
        counts[intent] += 1
    plain_intents = intents() - {"faq"}
    few = {i: counts[i] for i in plain_intents if counts[i] < 20}
    assert not few, "20 examples for each intent"
    topics = {
        f"faq/{topic}": counts[f"faq/{topic}"] for topic in library.load().answers
    }
    assert not {t: n for t, n in topics.items() if n < 8}, "8 for each question"


def test_every_example_belongs_to_an_intent_of_the_domain() -> None:
    topics = {f"faq/{topic}" for topic in library.load().answers}
    unknown = {intent for intent, _ in examples()} - intents() - topics
    assert not unknown


def test_every_intent_is_reached_by_a_rule_or_a_story() -> None:
    used = {step["intent"] for step in steps() if "intent" in step}
    assert intents() <= used, intents() - used
    assert used <= intents() | {FALLBACK}, used - intents()


def test_no_example_stands_under_two_intents() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for intent, text in examples():
        found[plain(text)].add(intent)
    assert not {text: where for text, where in found.items() if len(where) > 1}


def test_no_example_stands_twice() -> None:
    seen: set[tuple[str, str]] = set()
    twice = []
    for intent, text in examples():
        key = (intent, " ".join(text.casefold().split()))
        twice += [key] if key in seen else []
        seen.add(key)
    assert not twice


def heldout_sentences() -> Iterator[str]:
    for path in (ROOT / "tests" / "heldout").glob("*.yml"):
        for value in load(path).values():
            rows = value["phrasings"] if isinstance(value, dict) else value
            yield from (row["text"] if isinstance(row, dict) else row for row in rows)


def test_held_out_sentences_are_absent_from_the_training_data() -> None:
    trained = {plain(text) for _, text in examples()}
    heldout = {plain(text) for text in heldout_sentences()}
    # What one or two words long is said alike by everybody ("hello", "next please").
    leaked = {text for text in heldout & trained if len(text.split()) > 2}
    assert len(heldout) > 1000
    assert not leaked, f"{len(leaked)} of {len(heldout)}: {sorted(leaked)[:20]}"


def test_there_are_five_phrasings_held_out_for_each_question() -> None:
    questions = load(ROOT / "tests" / "heldout" / "questions.yml")
    assert {f"Q{number}" for number in range(1, 154)} <= set(questions)
    assert not {q for q, one in questions.items() if len(one["phrasings"]) < 5}


# --- responses and actions ------------------------------------------------------------


def declared_actions() -> set[str]:
    return set(domain()["actions"])


def action_classes() -> dict[str, type[Action]]:
    import importlib

    found = {}
    for path in (ROOT / "actions").glob("*.py"):
        module = importlib.import_module(f"actions.{path.stem}")
        for _, one in inspect.getmembers(module, inspect.isclass):
            ours = one.__module__ == module.__name__ and issubclass(one, Action)
            if ours and not inspect.isabstract(one):
                found[one().name()] = one
    return found


def called_in_code() -> set[str]:
    """Actions and responses that the dialogue or a policy chooses by itself."""
    paths = [ROOT / "addons" / "policies" / "safety_policy.py"]
    paths += [p for p in (ROOT / "wrist").glob("*.py") if p.name != "replies.py"]
    found: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^(?:utter|action)_\w+$", node.value))
    return found


def called() -> set[str]:
    return {step["action"] for step in steps() if "action" in step} | called_in_code()


def test_every_declared_action_has_a_class_and_the_reverse() -> None:
    declared = {name for name in declared_actions() if name.startswith("action_")}
    assert declared == set(action_classes())


def test_every_action_is_called_and_what_is_called_exists() -> None:
    declared = declared_actions()
    assert declared <= called(), f"never called: {sorted(declared - called())}"
    rasas_own = {"action_listen", "action_session_start", "action_restart"}
    unknown = called() - declared - rasas_own
    assert not unknown, f"not declared: {sorted(unknown)}"


def test_every_response_can_be_made_and_every_one_made_is_declared() -> None:
    declared = {name for name in declared_actions() if name.startswith("utter_")}
    assert declared == set(replies.names())
    content = library.load()
    for phrase in replies.PHRASES:
        assert replies.make(f"utter_{phrase}", Case(), content), phrase


def test_no_two_phrases_say_the_same() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    content = library.load()
    for phrase in content.phrases.values():
        found[plain(phrase.text)].append(phrase.id)
    for answer in content.answers.values():
        found[plain(" ".join(s.say for s in answer.say))].append(answer.id)
    assert not {text: ids for text, ids in found.items() if len(ids) > 1}


def test_every_phrase_is_said_somewhere() -> None:
    named: set[str] = set(replies.PHRASES)
    for folder in ("wrist", "actions", "addons"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    named.add(node.value)
    silent = set(library.load().phrases) - named
    assert not silent, f"never said: {sorted(silent)}"


def test_every_button_is_something_that_a_person_could_type() -> None:
    content = library.load()
    holders = (*content.phrases.values(), *content.questions.values())
    for button in (title for one in holders for title in one.buttons):
        assert button.strip() and not button.startswith("/"), button
        assert len(button) <= 45, button


def test_every_slot_is_a_field_of_the_case_and_the_reverse() -> None:
    assert set(domain()["slots"]) == set(Case.__fields__) - {"session_started_metadata"}
    for name, slot in domain()["slots"].items():
        kinds = [mapping["type"] for mapping in slot["mappings"]]
        assert kinds == ["custom"], f"{name}: only the safety policy fills a slot"


def test_rules_and_stories_are_named_by_sentences() -> None:
    found = [one for folder in ("rules", "stories") for one in paths(folder)]
    tests = load(ROOT / "tests" / "test_stories.yml")["stories"]
    for group in (found, tests):
        names = [one.get("rule") or one["story"] for one in group]
        assert len(names) == len(set(names))
        for name in names:
            assert name[0].isupper() and not re.search(r"\d{3}|_", name), name
    assert len(tests) >= 15


# --- content --------------------------------------------------------------------------


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
    assert set(content.levels.danger_findings) <= known
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


# --- README and Makefile --------------------------------------------------------------


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def rows(section: str) -> list[str]:
    """First cells, in code marks, of the table under a heading of the README."""
    _, _, rest = readme().partition(f"## {section}\n")
    body = rest.split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", body, re.M)


def test_the_readme_lists_exactly_the_commands_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert phony
    listed = {row.removeprefix("make ") for row in rows("Commands")}
    assert listed == set(phony[1].split())
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    assert listed <= targets


def test_the_files_that_the_readme_names_exist() -> None:
    text = readme()
    _, _, rest = text.partition("## To change X, edit Y\n")
    table = rest.split("\n## ")[0]
    named = re.findall(r"`([\w./-]+(?:/|\.\w+))`", table)
    assert len(named) > 10
    for name in named:
        assert (ROOT / name).exists(), name
    for name in re.findall(r"\]\(([\w./-]+\.(?:md|png|svg))\)", text):
        assert (ROOT / name).exists(), name


def test_the_readme_tells_of_every_variable_that_can_be_set() -> None:
    listed = set(rows("Configuration"))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settable = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.M))
    assert settable <= listed, settable - listed
    assert library.REGION_VARIABLE in listed


def test_every_folder_of_content_is_in_the_table_of_what_to_edit() -> None:
    _, _, rest = readme().partition("## To change X, edit Y\n")
    table = rest.split("\n## ")[0]
    for path in (ROOT / "wrist" / "content").iterdir():
        name = f"wrist/content/{path.name}{'/' if path.is_dir() else ''}"
        assert name in table, f"{name} is in no row"

"""The project agrees with itself: domain, data, actions, responses.

`rasa data validate` does not fail on most of this.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from rasa_sdk import Action

from tests.project_files import domain, examples, intents, load, paths, plain, steps
from tools.environment import ROOT
from wrist import library, replies
from wrist.case import Case

FALLBACK = "nlu_fallback"


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


@pytest.mark.parametrize(("name", "least"), [("questions", 5), ("questions_later", 4)])
def test_phrasings_are_held_out_for_each_question(name: str, least: int) -> None:
    questions = load(ROOT / "tests" / "heldout" / f"{name}.yml")
    assert {f"Q{number}" for number in range(1, 154)} <= set(questions)
    assert not {q for q, one in questions.items() if len(one["phrasings"]) < least}


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

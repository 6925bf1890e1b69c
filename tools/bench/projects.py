"""Makes the projects that are measured: ours, stock Rasa on the same data, the floor.

ours   a copy of this project, so that nothing here is touched
stock  the pipeline and policies that `rasa init` leaves to Rasa, our data and rules
floor  keywords and rules: the least that a Rasa server costs
"""

from __future__ import annotations

import random
import re
import shutil
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from tools import generate_intents
from tools.environment import ROOT, VAR

FOLDER = VAR / "bench"
OURS = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "data")
CODE = ("addons", "actions", "wrist", "encoder", "tools", ".env.example")
ANSWER, FAQ = "action_answer_question", "faq"
PLAIN = re.compile(r"^\w[\w ']*\w$")  # a keyword that a word boundary can enclose
SAMPLE_SEED = 7
SAY = "This is a plain answer of about the usual length, so that replies compare."

# Half of them need the action server; none changes the state of the conversation.
ACTIONS_TO_MEASURE = [
    *("utter_thank", "action_tell_stored_data", "utter_certainty"),
    *("action_give_referral", "utter_bot_challenge", "action_give_summary"),
    *("utter_capabilities", "action_explain_advice", "utter_glad"),
    "action_refer_to_person",
]


def copy_ours(target: Path) -> Path:
    """This project without its models, stores and results."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (*OURS, *CODE):
        source, goal = ROOT / name, target / name
        if source.is_dir():
            shutil.rmtree(goal, ignore_errors=True)
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, goal, ignore=ignored)
        else:
            shutil.copyfile(source, goal)
    for name in ("models", "var"):
        (target / name).mkdir(exist_ok=True)
    return target


def make_stock(target: Path) -> Path:
    """Our examples, rules and stories under the pipeline that Rasa has by default."""
    _begin(target)
    template = files("rasa.cli").joinpath("initial_project", "config.yml")
    (target / "config.yml").write_text(template.read_text())
    shutil.copytree(ROOT / "data" / "nlu", target / "data" / "nlu")
    _plain_dialogue(target)
    topics = sorted(name for name in read_examples() if name.startswith(f"{FAQ}/"))
    _write_domain(target, [f"utter_{topic}" for topic in topics])
    return target


def make_floor(target: Path) -> Path:
    """Keywords, which are the very messages that are sent, and the same rules."""
    _begin(target)
    policies = [{"name": "RulePolicy"}]
    pipeline = [{"name": "KeywordIntentClassifier"}]
    config = {"recipe": "default.v1", "assistant_id": "floor", "language": "en"}
    _write(
        target / "config.yml", {**config, "pipeline": pipeline, "policies": policies}
    )
    keywords: dict[str, list[str]] = {}
    for text, name in sample_messages():
        keywords.setdefault(name.partition("/")[0], []).append(text)
    (target / "data" / "nlu").mkdir(parents=True)
    _write(target / "data" / "nlu" / "keywords.yml", generate_intents.nlu(keywords))
    _plain_dialogue(target, stories=False)
    _write_domain(target, [f"utter_{FAQ}"])
    return target


def make_generated(target: Path, count: int, seed: int) -> Path:
    """Our pipeline and policies with that many generated intents instead of ours."""
    copy_ours(target)
    intents = generate_intents.generate(count, seed=seed)
    shutil.rmtree(target / "data")
    (target / "data").mkdir()
    _write(target / "data" / "nlu.yml", generate_intents.nlu(intents))
    rules = generate_intents.rules(intents, ACTIONS_TO_MEASURE)
    fallback = [{"intent": "nlu_fallback"}, {"action": "utter_rephrase"}]
    rules["rules"].append({"rule": "Not understood", "steps": fallback})
    _write(target / "data" / "rules.yml", rules)
    domain = _read(target / "domain.yml")
    domain["intents"] = list(intents)
    _write(target / "domain.yml", domain)
    return target


def read_examples() -> dict[str, list[str]]:
    """Our training examples by intent."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for entry in content.get("nlu", ()):
            if "intent" in entry:
                lines = entry["examples"].splitlines()
                texts = [line[2:].strip() for line in lines if line.startswith("- ")]
                found.setdefault(entry["intent"], []).extend(texts)
    return found


@cache
def sample_messages() -> list[tuple[str, str]]:
    """Messages to measure with, two of each plain intent and one of each topic."""
    chance = random.Random(SAMPLE_SEED)
    sample = []
    for name, texts in sorted(read_examples().items()):
        plain = [text for text in texts if PLAIN.match(text)]
        most = 1 if name.startswith(f"{FAQ}/") else 2
        chosen = chance.sample(plain, min(most, len(plain)))
        sample += [(text, name) for text in chosen]
    chance.shuffle(sample)
    return [one for one in sample if not _is_part_of_another(one[0], sample)]


def _is_part_of_another(text: str, sample: list[tuple[str, str]]) -> bool:
    """Such a keyword would be found in the other message, too."""
    return any(text != other and text.lower() in other.lower() for other, _ in sample)


def plain_name(action: str) -> str:
    """The response that stands for an action of ours in the other projects."""
    if action == ANSWER:
        return f"utter_{FAQ}"
    return f"utter_{action.removeprefix('action_').removeprefix('utter_')}"


def _begin(target: Path) -> None:
    for name in ("data", "config.yml", "domain.yml"):
        path = target / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    (target / "models").mkdir(parents=True, exist_ok=True)
    (target / "data").mkdir()
    (target / "credentials.yml").write_text("rest:\n")
    (target / "endpoints.yml").write_text("# Nothing but Rasa itself.\n")


def _plain_dialogue(target: Path, *, stories: bool = True) -> None:
    for kind in ("rules", "stories") if stories else ("rules",):
        (target / "data" / kind).mkdir()
        for path in sorted((ROOT / "data" / kind).glob("*.yml")):
            content = _read(path)
            for one in content.get(kind, ()):
                for step in one["steps"]:
                    if "action" in step:
                        step["action"] = plain_name(step["action"])
            _write(target / "data" / kind / path.name, content)


def _write_domain(target: Path, answers: list[str]) -> None:
    """Our domain with a plain response for each action, and for these answers."""
    domain = _read(ROOT / "domain.yml")
    named = {plain_name(action) for action in domain.pop("actions")}
    named.discard(f"utter_{FAQ}")
    responses = sorted({*named, *answers, "utter_default"})
    if any("/" in answer for answer in answers):
        domain["actions"] = [f"utter_{FAQ}"]
    domain["responses"] = {name: [{"text": SAY}] for name in responses}
    _write(target / "domain.yml", domain)


def _read(path: Path) -> dict[str, Any]:
    return YAML().load(path.read_text(encoding="utf-8")) or {}


def _write(path: Path, content: dict[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        YAML().dump(content, stream)


def add_example(project: Path, intent: str, text: str) -> None:
    """One more example, in a file of its own."""
    examples = LiteralScalarString(f"- {text}\n")
    entry = {"version": "3.1", "nlu": [{"intent": intent, "examples": examples}]}
    _write(project / "data" / "nlu" / "added.yml", entry)

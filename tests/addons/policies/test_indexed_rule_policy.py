"""The indexed policy decides exactly as stock RulePolicy, on random everything."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import rasa.core.training
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import InvalidRule, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from addons.policies.indexed_rule_policy import IndexedRulePolicy

Pair = tuple[RulePolicy, IndexedRulePolicy, Domain]
FORMS = ["first_form", "second_form"]


def domain_text(intents: int, actions: int) -> str:
    return f"""
version: "3.1"
intents: [{", ".join(f"i{n}" for n in range(intents))}]
slots:
  side: {{type: categorical, values: [left, right], mappings: [{{type: custom}}]}}
  ready: {{type: bool, mappings: [{{type: custom}}]}}
  mood: {{type: text, initial_value: fine, mappings: [{{type: custom}}]}}
  notes: {{type: any, mappings: [{{type: custom}}]}}
forms:
  first_form: {{required_slots: [side]}}
  second_form: {{required_slots: [mood]}}
actions: [{", ".join(f"action_{n}" for n in range(actions))}]
"""


def rule_text(rng: random.Random, number: int, intents: int, actions: int) -> str:
    """One rule: perhaps a start, slots, a loop, a message, some actions."""
    lines = [f"- rule: rule {number}"]
    if rng.random() < 0.1:
        lines.append("  conversation_start: true")
    condition = []
    if rng.random() < 0.4:
        slots = ["side: left", "side: null", "ready: true", "ready: false", "mood: sad"]
        condition.append(f"  - slot_was_set:\n    - {rng.choice(slots)}")
    if rng.random() < 0.3:
        condition.append(f"  - active_loop: {rng.choice([*FORMS, 'null'])}")
    if condition:
        lines += ["  condition:", *condition]
    lines.append("  steps:")
    roll = rng.random()
    if roll < 0.75:
        lines.append(f"  - intent: i{rng.randrange(intents)}")
    elif roll < 0.85:
        lines.append(f"  - user: words {rng.randrange(3)}")
    for _ in range(rng.randrange(1, 4)):
        if rng.random() < 0.15:
            form = rng.choice(FORMS)
            lines += [f"  - action: {form}", f"  - active_loop: {form}"]
        else:
            lines.append(f"  - action: action_{rng.randrange(actions)}")
        if rng.random() < 0.2:
            lines.append("  - slot_was_set:\n    - side: right")
    if rng.random() < 0.2:
        lines.append("  wait_for_user_input: false")
    return "\n".join(lines)


def story_text(rng: random.Random, number: int, intents: int, actions: int) -> str:
    lines = [f"- story: story {number}", "  steps:"]
    for _ in range(rng.randrange(1, 4)):
        lines.append(f"  - intent: i{rng.randrange(intents)}")
        lines.append(f"  - action: action_{rng.randrange(actions)}")
    return "\n".join(lines)


def pair(
    folder: Path, data: str, domain: Domain, *, contradictions: bool = False
) -> Pair:
    """Both policies, trained on the same rules, as a server loads them."""
    (folder / "data.yml").write_text(data)
    trackers = rasa.core.training.load_data(
        str(folder / "data.yml"), domain, augmentation_factor=0
    )
    made = []
    for policy_class in (RulePolicy, IndexedRulePolicy):
        (folder / policy_class.__name__).mkdir()
        storage = LocalModelStorage.create(folder / policy_class.__name__)
        config = {
            **policy_class.get_default_config(),
            "restrict_rules": False,
            "check_for_contradictions": contradictions,
        }
        context = ExecutionContext(GraphSchema({}))
        arguments = (config, storage, Resource("rules"), context)
        policy_class.create(*arguments).train(trackers, domain)
        made.append(policy_class.load(*arguments))
    return made[0], made[1], domain


def random_events(
    rng: random.Random, turns: int, intents: int, actions: int
) -> list[events.Event]:
    made: list[events.Event] = []
    if rng.random() < 0.8:
        made += [
            events.ActionExecuted("action_session_start"),
            events.SessionStarted(),
            events.ActionExecuted("action_listen"),
        ]
    for _ in range(rng.randrange(turns + 1)):
        intent = rng.choice(["restart", *(f"i{n}" for n in range(intents))])
        made.append(
            events.UserUttered(
                f"words {rng.randrange(4)}", {"name": intent, "confidence": 0.8}
            )
        )
        for _ in range(rng.randrange(5)):
            made.append(random_event(rng, actions))
        if rng.random() < 0.8:
            made.append(events.ActionExecuted("action_listen"))
    return made


def random_event(rng: random.Random, actions: int) -> events.Event:
    choices: list[Callable[[], events.Event]] = [
        lambda: events.ActionExecuted(f"action_{rng.randrange(actions)}"),
        lambda: events.ActionExecuted(rng.choice(FORMS)),
        lambda: events.SlotSet("side", rng.choice(["left", "right", None])),
        lambda: events.SlotSet("ready", rng.choice([True, False, None])),
        lambda: events.SlotSet("mood", rng.choice(["sad", None])),
        lambda: events.ActiveLoop(rng.choice([*FORMS, None])),
        lambda: events.ActionExecutionRejected(rng.choice(FORMS)),
        lambda: events.UserUtteranceReverted(),
        lambda: events.ActionReverted(),
        lambda: events.Restarted(),
    ]
    weights = [8, 3, 3, 3, 2, 4, 4, 0.2, 0.2, 0.2]
    return rng.choices(choices, weights)[0]()


def decision(prediction: PolicyPrediction) -> tuple[object, ...]:
    return (
        prediction.probabilities,
        prediction.is_no_user_prediction,
        prediction.is_end_to_end_prediction,
        prediction.hide_rule_turn,
        prediction.events,
        prediction.policy_priority,
    )


def ranked_keys(policy: RulePolicy, states: list[dict[str, object]]) -> list[str]:
    keys = policy._get_possible_keys(policy.lookup["rules"], states)
    longest = max(map(len, keys), default=0)
    return [key for key in keys if len(key) == longest]


def is_tie(policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain) -> bool:
    """Whether rules of equal length match: stock takes any of them."""
    for use_text in (True, False):
        states = RulePolicy._prediction_states(policy, tracker, domain, use_text)
        best = ranked_keys(policy, states)
        if len({policy.lookup["rules"][key] for key in best}) > 1:
            return True
    return False


@pytest.mark.parametrize("seed", range(30))
def test_the_same_decisions_as_stock(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    intents, actions = rng.randrange(2, 5), rng.randrange(2, 5)
    domain = Domain.from_yaml(domain_text(intents, actions))
    rules = [rule_text(rng, n, intents, actions) for n in range(rng.randrange(3, 20))]
    stories = [story_text(rng, n, intents, actions) for n in range(3)]
    parts = ['version: "3.1"', "rules:", *rules, "stories:", *stories]
    stock, ours, _ = pair(tmp_path, "\n".join(parts), domain)
    decided = 0
    for _ in range(60):
        made = random_events(rng, 6, intents, actions)
        tracker = DialogueStateTracker.from_events("ann", made, domain.slots)
        expected = stock.predict_action_probabilities(tracker, domain)
        got = ours.predict_action_probabilities(tracker, domain)
        if decision(got) != decision(expected):
            assert is_tie(stock, tracker, domain), [str(event) for event in made]
        decided += expected.max_confidence > 0.5
    assert decided > 5  # else the comparison says nothing


@pytest.mark.parametrize("seed", range(8))
def test_the_same_turns_are_hidden_from_stories(seed: int, tmp_path: Path) -> None:
    rng = random.Random(100 + seed)
    domain = Domain.from_yaml(domain_text(6, 6))
    rules = [
        f"- rule: rule {n}\n  steps:\n  - intent: i{n}\n  - action: action_{n}"
        for n in range(4)
    ]
    stories = [
        f"- story: s{n}\n  steps:\n  - intent: i{n}\n  - action: action_{n}"
        for n in (rng.randrange(4), 4)
    ]
    parts = ['version: "3.1"', "rules:", *rules, "stories:", *stories]
    stock, ours, _ = pair(tmp_path, "\n".join(parts), domain, contradictions=True)
    for _ in range(60):
        made = random_events(rng, 5, 6, 6)
        tracker = DialogueStateTracker.from_events("ann", made, domain.slots)
        expected = stock.predict_action_probabilities(tracker, domain)
        got = ours.predict_action_probabilities(tracker, domain)
        assert decision(got) == decision(expected)


def test_contradictions_are_still_refused(tmp_path: Path) -> None:
    domain = Domain.from_yaml(domain_text(2, 2))
    data = """
version: "3.1"
rules:
- rule: one
  steps: [{intent: i0}, {action: action_0}]
stories:
- story: other
  steps: [{intent: i0}, {action: action_1}]
"""
    with pytest.raises(InvalidRule):
        pair(tmp_path, data, domain, contradictions=True)


def many_rules(folder: Path, count: int) -> Pair:
    folder.mkdir()
    domain = Domain.from_yaml(domain_text(count, 10))
    rules = [
        f"- rule: rule {n}\n  steps:\n  - intent: i{n}\n  - action: action_{n % 10}"
        for n in range(count)
    ]
    return pair(folder, "\n".join(['version: "3.1"', "rules:", *rules]), domain)


def seconds(policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain) -> float:
    best = float("inf")
    for _ in range(15):
        began = time.perf_counter()
        policy.predict_action_probabilities(tracker, domain)
        best = min(best, time.perf_counter() - began)
    return best


def after_turns(turns: int, domain: Domain) -> DialogueStateTracker:
    made: list[events.Event] = [events.ActionExecuted("action_listen")]
    for _ in range(turns):
        made += [
            events.UserUttered("x", {"name": "i1", "confidence": 1.0}),
            events.ActionExecuted("action_1"),
            events.ActionExecuted("action_listen"),
        ]
    made.append(events.UserUttered("x", {"name": "i3", "confidence": 1.0}))
    return DialogueStateTracker.from_events("ann", made, domain.slots)


def test_ten_times_the_rules_cost_no_more(tmp_path: Path) -> None:
    took = {}
    for count in (10, 300):
        stock, ours, domain = many_rules(tmp_path / str(count), count)
        tracker = after_turns(10, domain)
        took[count] = seconds(ours, tracker, domain)
        took[-count] = seconds(stock, tracker, domain)
    told = {count: f"{value * 1e3:.2f} ms" for count, value in took.items()}
    print(f"indexed and (below zero) stock by number of rules: {told}")
    assert took[300] < 2 * took[10], told
    assert took[300] < took[-300] / 3, told

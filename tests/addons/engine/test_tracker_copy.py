"""A copy of a conversation is what Rasa's own copy is, and has a life of its own."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from addons.engine import tracker_copy

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet]
    slots:
      side: {type: text, mappings: [{type: custom}]}
      ready: {type: bool, initial_value: true, mappings: [{type: custom}]}
      topic: {type: categorical, values: [a, b], mappings: [{type: custom}]}
    forms: {check_form: {required_slots: [side]}}
    actions: [action_check]
    """
)


@pytest.fixture(autouse=True)
def as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is replaced for one test; the class is as it was afterwards."""
    monkeypatch.setattr(DialogueStateTracker, "copy", tracker_copy.replay)
    monkeypatch.setattr(Slot, "__copy__", None, raising=False)
    tracker_copy.copy_as_it_stands()


def talked() -> DialogueStateTracker:
    told = DialogueStateTracker.from_events(
        "ann",
        [
            events.ActionExecuted("action_session_start"),
            events.SessionStarted(),
            events.ActionExecuted("action_listen"),
            events.UserUttered("hello", {"name": "greet", "confidence": 1.0}),
            events.SlotSet("side", "left"),
            events.SlotSet("topic", "b"),
            events.ActionExecuted("check_form"),
            events.ActiveLoop("check_form"),
            events.BotUttered("which?"),
            events.ActionExecuted("action_listen"),
        ],
        DOMAIN.slots,
    )
    told.model_id, told.assistant_id = "model", "assistant"
    return told


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    attributes = {
        name: value
        for name, value in tracker.__dict__.items()
        if name not in ("slots", "events")
    }
    slots = {
        name: (type(slot), dict(slot.__dict__)) for name, slot in tracker.slots.items()
    }
    return {**attributes, "slots": slots, "events": list(tracker.events)}


def test_a_copy_is_what_rasa_makes() -> None:
    told = talked()
    assert state(told.copy()) == state(tracker_copy.replay(told))


def test_a_copy_of_nothing_said_is_what_rasa_makes() -> None:
    empty = DialogueStateTracker("ann", DOMAIN.slots)
    assert state(empty.copy()) == state(tracker_copy.replay(empty))


def test_a_story_without_a_domain_is_copied_as_before() -> None:
    free = DialogueStateTracker("ann", None)
    assert type(free.copy().slots) is type(tracker_copy.replay(free).slots)


def test_what_happens_to_a_copy_leaves_the_conversation_alone() -> None:
    told = talked()
    before = copy.deepcopy(state(told))
    made = told.copy()
    made.update(events.SlotSet("side", "right"))
    made.update(events.LoopInterrupted(True))
    made.update(events.ConversationPaused())
    assert made.get_slot("side") == "right"
    assert state(told) == before


def test_a_slot_keeps_its_kind_and_its_value() -> None:
    slot = talked().slots["topic"]
    made = copy.copy(slot)
    assert (type(made), made.__dict__) == (type(slot), slot.__dict__)
    made.value = "a"
    assert slot.value == "b"

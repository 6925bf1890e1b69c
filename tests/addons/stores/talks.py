"""A domain, stores and messages for the tests of the stores."""

from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from addons.stores.bounded_tracker_store import BoundedTrackerStore

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet, inform, ask]
    entities: [side]
    slots:
      side: {type: text, mappings: [{type: custom}]}
      findings: {type: any, mappings: [{type: custom}]}
      ready: {type: bool, initial_value: true, mappings: [{type: custom}]}
      erase: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
      consent: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
    forms:
      check_form: {required_slots: [side]}
    responses:
      utter_hello: [{text: hello}]
    actions: [action_check, utter_hello]
    """
)


def bounded(folder: Path, **settings: Any) -> BoundedTrackerStore:
    return BoundedTrackerStore(DOMAIN, db=str(folder / "b" / "c.db"), **settings)


def plain(folder: Path) -> SQLTrackerStore:
    return SQLTrackerStore(DOMAIN, db=str(folder / "plain.db"))


def message(text: str, intent: str) -> events.UserUttered:
    parsed = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [],
        "findings": [{"id": "numbness", "status": "present"}],
    }
    return events.UserUttered(text, parsed["intent"], [], parsed)


def start() -> list[events.Event]:
    return [
        events.ActionExecuted("action_session_start"),
        events.SessionStarted(),
        events.ActionExecuted("action_listen"),
    ]


def begun(name: str, text: str) -> DialogueStateTracker:
    """A conversation in which this was said."""
    tracker = DialogueStateTracker(name, DOMAIN.slots)
    tracker.update_with_events([*start(), message(text, "greet")], DOMAIN)
    return tracker

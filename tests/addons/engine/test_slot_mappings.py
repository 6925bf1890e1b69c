"""Slots that Rasa fills itself are still filled; the others cost nothing."""

from __future__ import annotations

import pytest
from rasa.core.actions.action import ActionExtractSlots
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from addons.engine import slot_mappings

OWN = "{type: custom}"


@pytest.fixture(autouse=True)
def looked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method is replaced for one test; the class is as it was afterwards."""
    monkeypatch.setattr(ActionExtractSlots, "run", slot_mappings.extract)
    slot_mappings.look_once()


def domain(mapping: str, actions: str = "action_tell") -> Domain:
    return Domain.from_yaml(
        f"""
        version: "3.1"
        intents: [greet]
        actions: [{actions}]
        slots:
          side: {{type: text, mappings: [{{type: custom}}]}}
          said: {{type: text, mappings: [{mapping}]}}
        """
    )


@pytest.mark.parametrize(
    ("mapping", "actions"),
    [
        ("{type: from_text}", "action_tell"),
        ("{type: custom, action: action_tell}", "action_tell"),
        (OWN, "action_validate_slot_mappings"),
    ],
)
def test_a_domain_that_fills_slots_is_left_to_rasa(mapping: str, actions: str) -> None:
    assert slot_mappings.fills_slots(domain(mapping, actions))


async def test_a_slot_from_the_text_is_filled() -> None:
    known = domain("{type: from_text}")
    [event] = await extracted(known)
    assert (event.key, event.value) == ("said", "hello")


async def test_nothing_is_looked_at_where_nothing_fills(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = domain(OWN)
    assert not slot_mappings.fills_slots(known)
    monkeypatch.setattr(slot_mappings, "extract", lambda *_: pytest.fail("looked"))
    assert await extracted(known) == []


async def extracted(known: Domain) -> list[events.Event]:
    said = events.UserUttered("hello", {"name": "greet", "confidence": 1.0})
    tracker = DialogueStateTracker.from_events("ann", [said], known.slots)
    return await ActionExtractSlots(None).run(None, None, tracker, known)

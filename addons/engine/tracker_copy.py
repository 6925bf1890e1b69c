"""Copies a conversation as it stands, instead of living through it again.

Rasa copies a tracker, for each action that runs, by applying all its events to an empty
one; and each slot, hundreds of times in a reply, by way of pickling.
"""

from __future__ import annotations

import copy
from typing import Any

from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import AnySlotDict, DialogueStateTracker

replay = DialogueStateTracker.copy


def copy_as_it_stands() -> None:
    """From now on all trackers and slots of this process are copied by these two."""
    DialogueStateTracker.copy = copied
    Slot.__copy__ = copied_slot


def copied(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The same events and the same state; changing one leaves the other alone."""
    if isinstance(tracker.slots, AnySlotDict):  # of stories: Rasa's copy has no slots
        return replay(tracker)
    made = _twin(tracker)
    made.events = tracker._create_events(tracker.events)
    made.slots = {name: copied_slot(slot) for name, slot in tracker.slots.items()}
    made.active_loop = copy.copy(tracker.active_loop)
    # As Rasa leaves them: the events of a copy are marked when they are kept.
    made.sender_source = made.model_id = made.assistant_id = None
    return made


def copied_slot(slot: Slot) -> Slot:
    return _twin(slot)


def _twin(one: Any) -> Any:
    made = object.__new__(type(one))
    made.__dict__.update(one.__dict__)
    return made

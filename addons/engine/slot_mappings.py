"""Whether any slot is filled from messages by Rasa itself, worked out once.

Rasa goes through all slots and mappings for each message; here `wrist` fills them all.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.shared.core.constants import (
    ACTION_VALIDATE_SLOT_MAPPINGS,
    DEFAULT_SLOT_NAMES,
    MAPPING_TYPE,
    SlotMappingType,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

KNOWN = "_fills_slots"  # on a domain

extract = ActionExtractSlots.run


def look_once() -> None:
    """From now on slots are extracted by `run`."""
    ActionExtractSlots.run = run


async def run(
    action: ActionExtractSlots,
    output_channel: Any,
    nlg: Any,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    known = domain.__dict__
    if KNOWN not in known:
        known[KNOWN] = fills_slots(domain)
    if not known[KNOWN]:
        return []
    return await extract(action, output_channel, nlg, tracker, domain)


def fills_slots(domain: Domain) -> bool:
    """Whether a mapping reads the message, or an action fills or checks slots."""
    mappings = [
        mapping
        for slot in domain.slots
        if slot.name not in DEFAULT_SLOT_NAMES
        for mapping in slot.mappings
    ]
    return ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions or any(
        mapping.get(MAPPING_TYPE) != str(SlotMappingType.CUSTOM)
        or mapping.get("action")
        for mapping in mappings
    )

"""The state of a conversation as JSON, and the events that bring it back (pure)."""

from typing import Any

from rasa.shared.core import events
from rasa.shared.core.trackers import DialogueStateTracker

State = dict[str, Any]


def take(tracker: DialogueStateTracker) -> State:
    """Everything that later turns can depend on, without the events that led to it."""
    loop = tracker.active_loop
    said = tracker.latest_message
    answered = tracker.latest_bot_utterance
    return {
        "slots": {
            name: slot.value
            for name, slot in tracker.slots.items()
            if slot.has_been_set
        },
        "latest_message": said.as_dict() if said and said.text is not None else None,
        "latest_bot_utterance": answered.as_dict() if answered else None,
        "latest_action": tracker.latest_action,
        "paused": tracker.is_paused(),
        "followup_action": tracker.followup_action,
        "loop": {
            "name": loop.name,
            "is_interrupted": loop.is_interrupted,
            "rejected": loop.rejected,
            "trigger_message": loop.trigger_message,
        }
        if loop
        else None,
    }


def replay(state: State, slot_names: set[str]) -> list[events.Event]:
    """Events that put a new tracker into this state.

    A tracker is often rebuilt from its events (each action gets a copy), so the state
    must stand in events: set directly, it would be gone with the first copy.
    """
    made: list[events.Event] = [
        events.SlotSet(name, value)
        for name, value in state["slots"].items()
        if name in slot_names
    ]
    loop = state["loop"]
    if loop:
        if loop["trigger_message"]:
            made.append(_message(loop["trigger_message"]))
        made.append(events.ActionExecuted(loop["name"]))
        made.append(events.ActiveLoop(loop["name"]))
    for stored in (state["latest_message"], state["latest_bot_utterance"]):
        if stored:
            made.append(_event(stored))
    if state["latest_action"]:
        action = state["latest_action"]
        made.append(
            events.ActionExecuted(
                action.get("action_name"), action_text=action.get("action_text")
            )
        )
    if loop and loop["is_interrupted"]:
        made.append(events.LoopInterrupted(True))
    if loop and loop["rejected"]:
        made.append(events.ActionExecutionRejected(loop["name"]))
    if state["paused"]:
        made.append(events.ConversationPaused())
    if state["followup_action"]:
        made.append(events.FollowupAction(state["followup_action"]))
    return made


def _event(stored: dict[str, Any]) -> events.Event:
    event = events.Event.from_parameters(stored)
    if event is None:
        raise ValueError("a stored event has a type that Rasa does not know")
    return event


def _message(parse_data: dict[str, Any]) -> events.UserUttered:
    return events.UserUttered(
        parse_data.get("text"),
        parse_data.get("intent"),
        parse_data.get("entities"),
        parse_data,
    )

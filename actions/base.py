"""What every action shares: the case in, messages and changed slots out."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from wrist import library
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply
from wrist.render import Message

LISTEN = "action_listen"


class CaseAction(Action, ABC):
    """Reads the case from the slots, lets `wrist` decide, sends what it says."""

    @abstractmethod
    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        """What to say and the case after it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        case = Case.from_slots(tracker.slots)
        reply = self.reply(case, tracker, library.default())
        for message in reply.messages:
            send(dispatcher, message)
        changes = reply.case.changes_since(case)
        events = [SlotSet(name, value) for name, value in changes.items()]
        # Said: it is the user's turn, which no policy need be asked. An action that
        # said nothing leaves that to the safety policy, which admits the fault.
        return [*events, FollowupAction(LISTEN)] if reply.messages else events


def send(dispatcher: CollectingDispatcher, message: Message) -> None:
    """One object for each message: text, buttons and custom together."""
    data = message.to_json()
    dispatcher.utter_message(
        text=data["text"],
        buttons=data.get("buttons"),
        json_message=data.get("custom"),
    )


def saying(
    make: Callable[[Case, Library], Message], case: Case, content: Library
) -> Reply:
    """A reply that changes nothing."""
    return Reply([make(case, content)], case)


def intent_of(tracker: Tracker) -> str | None:
    """The intent of the last message."""
    return (tracker.latest_message.get("intent") or {}).get("name")


def topic_of(tracker: Tracker) -> str:
    """The question nearest to the last message: the part after `faq/`."""
    selected = tracker.latest_message.get("response_selector") or {}
    response = (selected.get("faq") or {}).get("response") or {}
    return str(response.get("intent_response_key", "")).partition("/")[2]


def last_statements(tracker: Tracker) -> list[dict[str, Any]]:
    """The sourced statements of the last message that had any."""
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            custom = (event.get("data") or {}).get("custom") or {}
            if custom.get("statements"):
                return list(custom["statements"])
    return []

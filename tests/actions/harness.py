"""Runs an action as the action server does: a tracker in, events and messages out.

result = run("action_next_step", {"step": 1, "technique": "self_massage"})
assert result.slots["step"] == 2
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from tools.environment import ROOT


@cache
def action_classes() -> dict[str, type[Any]]:
    """Every action of the project by its name."""
    found = {}
    for path in sorted((ROOT / "actions").glob("*.py")):
        module = importlib.import_module(f"actions.{Path(path).stem}")
        for _, one in inspect.getmembers(module, inspect.isclass):
            ours = issubclass(one, Action) and one.__module__ == module.__name__
            if ours and not inspect.isabstract(one):
                found[one().name()] = one
    return found


@dataclass
class Result:
    """What an action did."""

    events: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    slots: dict[str, Any] = field(default_factory=dict)

    @property
    def items(self) -> list[str]:
        return [
            i for m in self.messages for i in (m.get("custom") or {}).get("items", ())
        ]

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)


def run(
    name: str,
    slots: dict[str, Any] | None = None,
    *,
    intent: str | None = None,
    topic: str | None = None,
    events: list[dict[str, Any]] | None = None,
) -> Result:
    """The action's events and messages; `slots` of the result are those after it."""
    latest: dict[str, Any] = {"intent": {"name": intent}, "entities": [], "text": ""}
    if topic:
        key = {"intent_response_key": f"faq/{topic}"}
        latest["response_selector"] = {"faq": {"response": key}}
    before = dict(slots or {})
    tracker = Tracker(
        "me", before, latest, events or [], False, None, {}, "action_listen"
    )
    dispatcher = CollectingDispatcher()
    found = asyncio.run(action_classes()[name]().run(dispatcher, tracker, {}))
    changed = {e["name"]: e["value"] for e in found if e["event"] == "slot"}
    return Result(found, dispatcher.messages, {**before, **changed})

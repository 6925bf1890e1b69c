"""First of the pipeline: whatever was typed is read as words, never as a payload."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

# Python's \s is what str.strip removes before Rasa looks for the slash.
PAYLOAD_START = re.compile(r"^\s*/[\s/]*")


def without_payload(text: object) -> str:
    """The text with leading slashes blanked, so that offsets stay as they are.

    Rasa reads a text that starts with a slash as an intent, whatever channel or
    route it came by: `/inform{"disposition": "self_care"}` would set a slot.
    """
    if not isinstance(text, str):
        return ""
    whole = text.encode("utf-8", "replace").decode("utf-8")  # half an emoji is none
    return PAYLOAD_START.sub(lambda found: " " * len(found[0]), whole)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class PlainTextGuard(GraphComponent):
    """Takes the meaning of a payload from every text before Rasa looks for one."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlainTextGuard:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(TEXT, without_payload(message.get(TEXT)))
        return messages

"""Tells the components of a message before its conversation is read from the store.

What does not depend on the conversation, a vector say, is then made on another core
meanwhile. Rasa reads the store first and shows the message to its components after.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Protocol, runtime_checkable

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphNode
from rasa.engine.runner.interface import GraphRunner

EXPECTING = "_expecting"  # on a runner: its components that want to know


@runtime_checkable
class Expecting(Protocol):
    """A component that can begin with a text before it is asked for it."""

    def expect(self, text: str) -> None:
        """Begin, once; the text may come later, changed, or never."""


read = MessageProcessor.log_message
parse = MessageProcessor.parse_message


def tell_early() -> None:
    """From now on all processors of this process tell before they read or parse."""
    MessageProcessor.log_message = log_message
    MessageProcessor.parse_message = parse_message


@wraps(MessageProcessor.log_message)
async def log_message(
    processor: MessageProcessor, message: UserMessage, *args: Any, **kwargs: Any
) -> Any:
    tell(processor, message)
    return await read(processor, message, *args, **kwargs)


@wraps(MessageProcessor.parse_message)
async def parse_message(
    processor: MessageProcessor, message: UserMessage, *args: Any, **kwargs: Any
) -> Any:
    tell(processor, message)
    return await parse(processor, message, *args, **kwargs)


def tell(processor: MessageProcessor, message: UserMessage) -> None:
    if message.text and not message.parse_data:
        for component in expecting(processor.graph_runner):
            component.expect(message.text)


def expecting(runner: GraphRunner) -> list[Expecting]:
    """The components of a loaded model that want to know of a text early."""
    known = runner.__dict__
    if EXPECTING not in known:
        nodes: dict[str, GraphNode] = known.get("_instantiated_nodes", {})
        components = [node._component for node in nodes.values()]
        known[EXPECTING] = [one for one in components if isinstance(one, Expecting)]
    return known[EXPECTING]

"""What a channel does by itself when no turn of the conversation can answer.

message -> the conversation -> answered
              | no model, an exception, a store that cannot be read
              v
           kept in memory, and answered by its words alone: the care card of an
           emergency, or that something failed. With the next message it is handed to
           the conversation again, so that nothing said is lost.
"""

from __future__ import annotations

import logging
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.exceptions import RasaException

from addons.channels.fault import fault_message
from addons.channels.incoming import MOST_CHARACTERS
from addons.channels.one_object import OneObjectOutput
from wrist import alone, lexicon, library
from wrist.content_file import ContentError

logger = logging.getLogger(__name__)

MOST_SENDERS = 1_000
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class Lifeline:
    """Hands messages to the conversation and keeps those that it did not take."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, list[str]] = OrderedDict()

    @classmethod
    def ready(cls) -> Lifeline:
        """With the content read; a server that cannot read it must not start."""
        try:
            library.default()
            lexicon.default()
        except ContentError as error:
            raise RasaException(str(error)) from error
        return cls()

    async def carry(self, message: UserMessage, on_new_message: OnNewMessage) -> bool:
        """Whether the conversation took the message, after those kept from before."""
        sender = message.sender_id
        left = []
        for text in self._kept.pop(sender, []):
            output = OneObjectOutput()
            again = UserMessage(
                text, output, sender, input_channel=message.input_channel
            )
            if not await _handed(again, output, on_new_message):
                left.append(text)
        if await _handed(message, message.output_channel, on_new_message):
            if left:  # not the fault of the hour: these words would fail for ever
                logger.error("%d messages were never taken: given up", len(left))
            return True
        self._keep(sender, [*left, message.text or ""])
        return False

    def tell(self, sender: str) -> list[dict[str, Any]]:
        """The urgent advice that the kept words call for, and that something failed."""
        text = "\n".join(self._kept.get(sender, []))
        try:
            reading = lexicon.default().read(text)
            card = alone.urgent_advice(text, reading, library.default())
        except Exception as error:
            logger.error("No advice could be made: %s", without_words(error))
            card = None
        return [*([card.to_json()] if card else []), fault_message()]

    def _keep(self, sender: str, texts: list[str]) -> None:
        """The newest words count: they are what will be repeated least."""
        while len(texts) > 1 and sum(map(len, texts)) > MOST_CHARACTERS:
            texts = texts[1:]
        self._kept[sender] = texts
        if len(self._kept) > MOST_SENDERS:
            self._kept.popitem(last=False)
            logger.error("A message that was never answered had to be forgotten")


async def _handed(
    message: UserMessage, output: OneObjectOutput, on_new_message: OnNewMessage
) -> bool:
    try:
        await on_new_message(message)
    except Exception as error:
        logger.error("A message could not be handled: %s", without_words(error))
    return bool(output.messages)  # none: no model, or nothing could be said


def without_words(error: BaseException) -> str:
    """Kind and place of an error; its text may quote what the user wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{one.filename}:{one.lineno}" for one in reversed(frames[-6:]))
    return f"{type(error).__name__} at {places}"

"""Sends each message of the assistant as one object: text, buttons, image and card."""

import logging
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

logger = logging.getLogger(__name__)

PARTS = ("buttons", "image", "custom")


def as_one_object(recipient_id: str, message: dict[str, Any]) -> dict[str, Any]:
    """The shape of contract.md; `message` is what BotUttered.message() gives."""
    text = (message.get("text") or "").strip()
    made: dict[str, Any] = {"recipient_id": recipient_id, "text": text}
    buttons = [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]
    for key, value in {**message, "buttons": buttons}.items():
        if key in PARTS and value:
            made[key] = value
    return made


class OneObjectOutput(CollectingOutputChannel):
    """Collects messages whole: blank lines do not split them, cards stay with them."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        made = as_one_object(recipient_id, message)
        if made["text"] or made.get("image"):
            self.messages.append(made)
        elif made.get("custom"):
            # A card is never sent alone; the content tests see to its text.
            logger.error("A message without text was left out: its card said nothing")

    async def send_text_message(
        self, recipient_id: str, text: str, **kwargs: Any
    ) -> None:
        await self.send_response(recipient_id, {**kwargs, "text": text})

"""The REST channel: `POST /webhooks/rest/webhook`, one object for each message."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from addons.channels.fault import too_long_message
from addons.channels.incoming import Incoming, Refused, is_authorized, read
from addons.channels.lifeline import Lifeline
from addons.channels.one_object import OneObjectOutput

TOKEN_VARIABLE = "RASA_TOKEN"
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class RestChannel(RestInput):
    """REST with a token, checked input and an answer to every message.

    credentials.yml: `sender_secret: ${SENDER_SECRET}` asks for signed senders.
    """

    def __init__(
        self, token: str | None = None, sender_secret: str | None = None
    ) -> None:
        self._token = token
        self._sender_secret = sender_secret
        self._lifeline = Lifeline.ready()

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestChannel:
        settings = credentials or {}
        return cls(
            token=os.environ.get(TOKEN_VARIABLE) or None,
            sender_secret=settings.get("sender_secret") or None,
        )

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        blueprint = Blueprint("rest_channel", __name__)

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self.receive(request, on_new_message)

        return blueprint

    async def receive(
        self, request: Request, on_new_message: OnNewMessage
    ) -> HTTPResponse:
        """The answer to one request: messages, or what was expected instead."""
        try:
            incoming = self._read(request)
        except Refused as refused:
            return response.json(refused.as_json(), status=refused.status)
        return response.json(await self._answer(incoming, on_new_message))

    def _read(self, request: Request) -> Incoming:
        header = request.headers.get("authorization")
        if not is_authorized(header, self._token):
            raise Refused(
                401,
                "not_authorized",
                "Send the header `Authorization: Bearer <token>` with the token that "
                f"{TOKEN_VARIABLE} holds on the server.",
            )
        return read(request.body, self._sender_secret)

    async def _answer(
        self, incoming: Incoming, on_new_message: OnNewMessage
    ) -> list[dict[str, Any]]:
        recipient = {"recipient_id": incoming.sender}
        if incoming.is_too_long:
            return [{**recipient, **too_long_message()}]
        output = OneObjectOutput()
        message = UserMessage(
            incoming.text,
            output,
            incoming.sender,
            input_channel=self.name(),
            metadata=incoming.metadata,
        )
        if await self._lifeline.carry(message, on_new_message):
            return output.messages
        told = self._lifeline.tell(incoming.sender)
        return [*output.messages, *({**recipient, **one} for one in told)]

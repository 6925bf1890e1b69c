"""What a client may send: checks and cleaning of sender and message (pure)."""

import hashlib
import hmac
import json
import re
import unicodedata
from typing import Any, NamedTuple

MOST_CHARACTERS = 8_000
MOST_BYTES = 128 * 1024  # 8,000 characters, each escaped as two \uXXXX, and metadata
MOST_SENDER_CHARACTERS = 255  # the column of the tracker store
# Python's \s is what str.strip removes before Rasa looks for the slash of a payload.
TERMINAL_CODE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
PAYLOAD_START = re.compile(r"^[\s/\uff0f]+")
KEPT_CONTROLS = frozenset("\n\t\u200c\u200d")  # joiners: emoji and Indic scripts
INVISIBLE = frozenset({"Cc", "Cf"})


class Refused(Exception):
    """A request that cannot be handled: HTTP status, a code, and what is expected."""

    def __init__(self, status: int, code: str, expected: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.expected = expected

    def as_json(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": self.expected}}


class Incoming(NamedTuple):
    """One checked message of a client."""

    sender: str
    text: str
    metadata: dict[str, Any] | None

    @property
    def is_too_long(self) -> bool:
        return len(self.text) > MOST_CHARACTERS


def read(body: bytes, sender_secret: str | None = None) -> Incoming:
    """The message in a request body; Refused says what is wrong with it."""
    if len(body) > MOST_BYTES:
        raise Refused(
            413, "body_too_large", f"Send at most {MOST_BYTES} bytes in one request."
        )
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Refused(
            400,
            "not_json",
            'Send a JSON object: {"sender": "...", "message": "..."}.',
        )
    metadata = data.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise Refused(400, "metadata_type", "`metadata` must be an object if given.")
    return Incoming(_sender(data, sender_secret), _text(data), metadata)


def clean(text: str) -> str:
    """Without control and invisible characters, and never a payload.

    A text that starts with a slash would be read by Rasa as an intent.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")  # no half emoji
    plain = TERMINAL_CODE.sub("", whole)
    visible = "".join(
        character
        for character in plain.replace("\r\n", "\n").replace("\r", "\n")
        if character in KEPT_CONTROLS
        or unicodedata.category(character) not in INVISIBLE
    )
    return PAYLOAD_START.sub("", visible).rstrip()


def sign(conversation: str, secret: str) -> str:
    """The sender `<conversation>.<signature>` that a signed channel accepts."""
    return f"{conversation}.{_signature(conversation, secret)}"


def is_authorized(header: str | None, token: str | None) -> bool:
    """Whether the Authorization header holds the token; true where there is none."""
    if not token:
        return True
    scheme, _, given = (header or "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    return same and scheme.lower() == "bearer"


def _sender(data: dict[str, Any], secret: str | None) -> str:
    sender = data.get("sender")
    if (
        not isinstance(sender, str)
        or not sender.strip()
        or len(sender) > MOST_SENDER_CHARACTERS
        or not sender.isprintable()
    ):
        raise Refused(
            400,
            "sender",
            "`sender` must be a text of 1 to "
            f"{MOST_SENDER_CHARACTERS} printable characters: the id of one person.",
        )
    if secret is None:
        return sender.strip()
    conversation, _, signature = sender.strip().rpartition(".")
    expected = _signature(conversation, secret)
    if not conversation or not hmac.compare_digest(
        signature.encode(), expected.encode()
    ):
        raise Refused(401, "sender_signature", "`sender` must be signed by the server.")
    return conversation


def _signature(conversation: str, secret: str) -> str:
    return hmac.new(secret.encode(), conversation.encode(), hashlib.sha256).hexdigest()


def _text(data: dict[str, Any]) -> str:
    message = data.get("message")
    if not isinstance(message, str):
        raise Refused(400, "message", "`message` must be a text.")
    return clean(message)

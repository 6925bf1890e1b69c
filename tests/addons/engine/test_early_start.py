"""Components hear of a message before its conversation is read, if they ask to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from addons.engine import early_start


class Listening:
    def __init__(self, heard: list[str]) -> None:
        self.heard = heard

    def expect(self, text: str) -> None:
        self.heard.append(text)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens in which order; the class is as it was afterwards."""
    happened: list[str] = []

    async def read(*_: Any, **__: Any) -> str:
        happened.append("store is read")
        return "tracker"

    async def parse(*_: Any, **__: Any) -> str:
        happened.append("parsed")
        return "data"

    monkeypatch.setattr(MessageProcessor, "log_message", early_start.read)
    monkeypatch.setattr(MessageProcessor, "parse_message", early_start.parse)
    monkeypatch.setattr(early_start, "read", read)
    monkeypatch.setattr(early_start, "parse", parse)
    early_start.tell_early()
    return happened


def processor(*components: object) -> MessageProcessor:
    nodes = {str(i): SimpleNamespace(_component=c) for i, c in enumerate(components)}
    made = MessageProcessor.__new__(MessageProcessor)
    made.graph_runner = SimpleNamespace(_instantiated_nodes=nodes)
    return made


async def test_who_asks_hears_of_the_text_before_the_store_is_read(
    heard: list[str],
) -> None:
    told = await processor(object(), Listening(heard)).log_message(UserMessage("hello"))
    assert told == "tracker"
    assert heard == ["hello", "store is read"]


async def test_a_text_that_is_only_parsed_is_told_as_well(heard: list[str]) -> None:
    told = await processor(Listening(heard)).parse_message(UserMessage("hello"))
    assert (told, heard) == ("data", ["hello", "parsed"])


@pytest.mark.parametrize(
    "message", [UserMessage(""), UserMessage("hello", parse_data={"text": "hello"})]
)
async def test_what_will_not_be_parsed_is_not_announced(
    heard: list[str], message: UserMessage
) -> None:
    await processor(Listening(heard)).log_message(message)
    assert heard == ["store is read"]

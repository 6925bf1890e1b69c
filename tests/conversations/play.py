"""Plays a conversation over REST and keeps what every turn said and changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tools.serving import Server

HERE = Path(__file__).parent
TOKEN = re.compile(r"{{([A-Z]+)(?::(.*?))?(?::(\d+))?}}", re.S)
FILLER = "It was a long day and the house is quiet now, so there is time for this. "


class Line(NamedTuple):
    """One line of `must` or `must_not`: what kind it is and what it asks for."""

    kind: str  # say, ask, state, start, ui, log, or disp
    text: str
    forbidden: bool

    def __str__(self) -> str:
        return f"{'must_not' if self.forbidden else 'must'} {self.kind}: {self.text}"


@dataclass(frozen=True)
class Turn:
    """What the user said, what came back, and the slots before and after it."""

    name: str
    text: str
    lines: tuple[Line, ...]
    messages: list[dict[str, Any]]
    before: dict[str, Any]
    after: dict[str, Any]
    heard: dict[str, Any] = field(default_factory=dict)
    log: str = ""

    @cached_property
    def customs(self) -> list[dict[str, Any]]:
        return [message.get("custom") or {} for message in self.messages]

    @cached_property
    def items(self) -> list[str]:
        """Ids of the content said, in the order in which it was said."""
        return [item for custom in self.customs for item in custom.get("items", ())]

    @cached_property
    def statements(self) -> list[dict[str, Any]]:
        return [one for custom in self.customs for one in custom.get("statements", ())]

    @cached_property
    def sources(self) -> set[str]:
        return {one for custom in self.customs for one in custom.get("sources", ())}

    @cached_property
    def questions(self) -> list[str]:
        return [c["question"] for c in self.customs if c.get("question")]

    @cached_property
    def cards(self) -> list[dict[str, Any]]:
        return [custom for custom in self.customs if custom.get("type")]

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        return [card for card in self.cards if card["type"] == "massage_step"]

    @cached_property
    def buttons(self) -> set[str]:
        return {b["title"] for m in self.messages for b in m.get("buttons") or ()}

    @cached_property
    def reply(self) -> str:
        return "\n".join(message["text"] for message in self.messages)


@cache
def conversations() -> dict[str, dict[str, Any]]:
    """The twenty conversations by id."""
    data = yaml.safe_load((HERE / "conversations.yml").read_text(encoding="utf-8"))
    return {conversation["id"]: conversation for conversation in data}


def lines_of(turn: dict[str, Any]) -> tuple[Line, ...]:
    """The lines of a turn, each with its kind."""
    wanted = [(text, False) for text in turn["must"]]
    unwanted = [(text, True) for text in turn["must_not"]]
    return tuple(_line(str(text), forbidden) for text, forbidden in wanted + unwanted)


def _line(text: str, forbidden: bool) -> Line:
    if text.startswith("disp"):
        return Line("disp", text, forbidden)
    kind, _, rest = text.partition(": ")
    if kind not in ("say", "ask", "state", "start", "ui", "log"):
        raise ValueError(f"a line of no known kind: {text!r}")
    return Line(kind, " ".join(rest.split()), forbidden)


def expanded(text: str) -> str:
    """The user's words with {{EMPTY}}, {{SPACES:n}}, {{LOREM:n}}, {{REPEAT:c:n}}."""

    def expand(match: re.Match[str]) -> str:
        name, first, second = match.groups()
        if name == "EMPTY":
            return ""
        if name == "SPACES":
            return " " * int(first)
        if name == "LOREM":
            count = int(first)
            return (FILLER * (count // len(FILLER) + 1))[:count]
        if name == "REPEAT":
            return first * int(second)
        raise ValueError(f"no such token: {match[0]}")

    return TOKEN.sub(expand, text)


def play(server: Server, conversation: dict[str, Any]) -> Iterator[Turn]:
    """The turns of a conversation, one by one; the clock is put right afterwards."""
    sender = f"scenario-{conversation['id']}"
    try:
        _given(server, sender, conversation.get("given") or {})
        for number, turn in enumerate(conversation["turns"], 1):
            yield say(
                server,
                sender,
                expanded(str(turn["user"])),
                f"{conversation['id']} turn {number}",
                lines_of(turn),
            )
    finally:
        server.move_clock(0)


def say(
    server: Server, sender: str, text: str, name: str, lines: tuple[Line, ...] = ()
) -> Turn:
    """One turn."""
    before, log = server.slots(sender), len(server.log)
    messages = server.say(sender, text)
    tracker = server.tracker(sender)
    users = [event for event in tracker["events"] if event["event"] == "user"]
    return Turn(
        name=name,
        text=text,
        lines=lines,
        messages=messages,
        before=before,
        after=tracker["slots"],
        heard=(users[-1].get("parse_data") or {}) if users else {},
        log=server.log[log:],
    )


def _given(server: Server, sender: str, given: dict[str, Any]) -> None:
    """Slots that hold at the start, or an earlier conversation some hours ago."""
    if "after" not in given:
        if given:
            server.set_slots(sender, given)
        return
    for turn in conversations()[given["after"]]["turns"]:
        server.say(sender, expanded(str(turn["user"])))
    server.set_slots(sender, {"consent": given["consent"]})
    server.move_clock(given["hours"])

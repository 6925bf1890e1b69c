"""The twenty conversations, played over REST against the real servers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.conversations import judge
from tests.conversations.invariants import every_intent, faults
from tests.conversations.play import Turn, conversations, play, say
from tools.serving import Server
from wrist import library
from wrist.models import Disposition

ORDINARY = ("self_care", "gp_soon", "info_only")

PARAMETERS = [
    pytest.param(conversation, id=f"{name}: {conversation['title']}")
    for name, conversation in conversations().items()
]


@pytest.mark.parametrize("conversation", PARAMETERS)
def test_conversation(server: Server, conversation: dict[str, Any]) -> None:
    content = library.default()
    broken, last = [], None
    for number, turn in enumerate(play(server, conversation), 1):
        for line in turn.lines:
            fault = judge.problem(turn, line, conversation["id"], number)
            if fault:
                broken.append(f"{turn.name}, {line}\n      {fault}")
        broken += [f"{turn.name}, {fault}" for fault in faults(turn, content)]
        last = turn if turn.after.get("last_seen") or last is None else last
    assert last is not None
    broken += _standing(last, conversation["expected_disposition"])
    assert not broken, "\n  - ".join(["", *broken])


def _standing(turn: Turn, expected: str) -> list[str]:
    """The last disposition that stands must not be less urgent, nor far more."""
    found = Disposition(turn.after.get("disposition") or "info_only")
    wanted = Disposition(expected)
    if not found.at_least(wanted):
        return [f"at the end {found.value} stands, less urgent than {expected}"]
    if expected in ORDINARY and wanted.rank - found.rank > 1:
        return [f"at the end {found.value} stands, much more than {expected}"]
    return []


def test_nothing_is_remembered_after_a_day_without_consent(server: Server) -> None:
    for turn in conversations()["S01"]["turns"]:
        server.say("no-consent", turn["user"])
    try:
        server.move_clock(26)
        back = say(server, "no-consent", "hi me again from yesterday", "a day later")
    finally:
        server.move_clock(0)
    assert "welcome_back" not in back.items
    assert back.after["side"] is None and not back.after["pain_record"]
    assert not back.after["findings"]


def test_what_is_deleted_is_gone(server: Server) -> None:
    sender = "deleted"
    for text in ("my left wrist is sore from guitar, i am 34", "delete my data"):
        server.say(sender, text)
    gone = say(server, sender, "yes", "confirmation")
    assert "deleted" in gone.items
    later = say(server, sender, "what do you know about me", "after deletion")
    assert later.items == ["nothing_stored"], later.reply
    texts = [e.get("text") or "" for e in server.tracker(sender)["events"]]
    assert not any("guitar" in text for text in texts)


def test_deletion_that_is_not_confirmed_keeps_all(server: Server) -> None:
    sender = "kept"
    for text in ("my left wrist is sore from guitar", "delete my data"):
        server.say(sender, text)
    kept = say(server, sender, "no, keep it", "refusal")
    assert "kept" in kept.items
    assert kept.after["side"] == "left"


def test_every_line_has_one_row_and_every_row_its_line() -> None:
    used: Counter[int] = Counter()
    missing = []
    for conversation, number, line in judge.every_line():
        try:
            used[id(judge.row_for(line, conversation, number))] += 1
        except AssertionError as error:
            missing.append(f"{conversation} turn {number}: {error}")
    assert not missing, "\n".join(missing)
    rows = [
        (conversation, number, row)
        for kind in ("say", "ask", "state")
        for conversation, turns in judge.table(kind).items()
        for number, found in turns.items()
        for row in found
    ]
    idle = [row for row in rows if used[id(row[2])] != 1]
    assert not idle, "rows for no line, or for several"


def test_every_row_asks_for_something_that_exists() -> None:
    known = judge.known_items()
    for kind in ("say", "ask", "state"):
        for conversation, turns in judge.table(kind).items():
            for number, found in turns.items():
                for row in found:
                    where = (conversation, number, row["line"])
                    asked = set(row) - {"line"}
                    assert asked and asked - {"left_out"} <= set(judge.CHECKS), where
                    unknown = [i for i in judge.named(row) if i not in known]
                    assert not unknown, (where, unknown)
                    for reference in judge.pinned(row):
                        assert judge.sentence(reference), where


def test_the_random_intents_are_those_of_the_domain() -> None:
    assert len(every_intent()) > 35

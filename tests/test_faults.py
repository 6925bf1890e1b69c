"""Whatever breaks in the middle of a conversation, danger is still answered."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tools import serving
from tools.environment import ROOT
from tools.serving import Server

DANGER = "my fingers have gone blue"
LONGEST = 6.0  # seconds from typing to the advice, while something hangs
EMERGENCY = "emergency_ambulance"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Servers of this module's own: they are broken and mended again."""
    with serving.start() as running:
        yield running


@contextmanager
def actions_hang(server: Server) -> Iterator[None]:
    process = server.processes[1]
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


@contextmanager
def store_is_unwritable(server: Server) -> Iterator[None]:
    other = sqlite3.connect(server.folder / "conversations.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def no_model_is_loaded(server: Server) -> Iterator[None]:
    token = {"token": server.token}
    server.client.delete("/model", params=token).raise_for_status()
    try:
        yield
    finally:
        model = {"model_file": str(serving.newest(ROOT))}
        server.client.put("/model", params=token, json=model).raise_for_status()


FAULTS = [actions_hang, store_is_unwritable, no_model_is_loaded]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_blue_fingers_are_answered_in_time_and_remembered(
    server: Server, fault: Any
) -> None:
    sender = fault.__name__
    server.say(sender, "hello")
    with fault(server):
        begun = time.monotonic()
        answer = server.say(sender, DANGER)
        took = time.monotonic() - begun
        assert answer[0]["custom"]["level"] == EMERGENCY
        assert "999" in answer[0]["text"]
        assert took <= LONGEST
    server.say(sender, "hello again")
    assert server.slots(sender)["disposition"] == EMERGENCY


def test_a_hanging_action_is_admitted_with_the_number(server: Server) -> None:
    server.say("waiting", "hello")
    with actions_hang(server):
        begun = time.monotonic()
        (answer,) = server.say("waiting", "who are you and what can you do")[:1]
        told = [answer["text"], *(m["text"] for m in server.say("waiting", "greet"))]
        took = time.monotonic() - begun
    assert any("something went wrong" in text and "999" in text for text in told)
    assert took <= 2 * LONGEST


def test_a_dead_action_server_hides_no_danger(server: Server) -> None:
    server.say("last", "hello")
    server.stop(1)
    (fault,) = server.say("last", "how do i massage my wrist")
    assert "something went wrong" in fault["text"] and "999" in fault["text"]
    assert server.say("last", DANGER)[0]["custom"]["level"] == EMERGENCY

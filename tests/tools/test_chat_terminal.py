"""A talk as a person has it: a terminal, keys, signals."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.tools.stand_in import StandIn, stand_in
from tools.environment import ROOT

OUTSIDE = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
COMMAND = [sys.executable, "-m", "tools.chat"]


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


def read_until(terminal: int, text: str) -> str:
    seen = ""
    deadline = time.monotonic() + 30
    while text not in seen:
        if not select.select([terminal], [], [], deadline - time.monotonic())[0]:
            raise AssertionError(f"{text!r} never came; seen: {seen!r}")
        seen += os.read(terminal, 4096).decode(errors="replace")
    return seen


@pytest.mark.parametrize(
    ("options", "more", "framed", "coloured"),
    [
        ((), {}, True, True),
        ((), {"NO_COLOR": "1"}, True, False),
        (("--plain",), {}, False, False),
    ],
)
def test_a_terminal_shows_cards_as_asked_and_ends_with_ctrl_d(
    server: StandIn,
    options: tuple[str, ...],
    more: dict[str, str],
    framed: bool,
    coloured: bool,
) -> None:
    card = {"type": "care_card", "level": "same_day", "heading": "Today", "points": []}
    server.replies["hello"] = [{"text": "Today\nWhy?", "custom": card}]
    here, there = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *options],
        cwd=ROOT,
        env={**OUTSIDE, **server.settings, **more},
        stdin=there,
        stdout=there,
        stderr=there,
    )
    os.close(there)
    try:
        shown = read_until(here, "You: ")
        os.write(here, b"\x04")
        shown += read_until(here, "--sender=")
        assert process.wait(30) == 0
    finally:
        process.kill()
        os.close(here)
    assert "medical help today" in shown
    assert ("╭" in shown) is framed
    assert ("\x1b[33m" in shown) is coloured


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_talk_ends_calmly(
    server: StandIn, number: signal.Signals
) -> None:
    unbuffered = {**OUTSIDE, **server.settings, "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=unbuffered,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
    )
    assert process.stdout is not None
    while "2 for Privacy" not in process.stdout.readline():
        pass
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert "--sender=" in output

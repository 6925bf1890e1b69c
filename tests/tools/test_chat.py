"""A talk over a real HTTP server, from the keyboard to the screen."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.stand_in import StandIn, stand_in
from tools import chat
from tools.environment import ROOT, Problem, Settings

COMMAND = [sys.executable, "-m", "tools.chat"]
SLEEPER = [sys.executable, "-c", "import time; print('busy'); time.sleep(60)"]


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


def environment(port: int, **more: str) -> dict[str, str]:
    settings = {"HOST": "127.0.0.1", "PORT": str(port), "RASA_TOKEN": "secret"}
    return {**os.environ, "REGION": "uk", "TERM": "xterm", **settings, **more}


def type_in(
    server: StandIn, *lines: str, options: tuple[str, ...] = (), **more: str
) -> subprocess.CompletedProcess[str]:
    """A whole talk through a pipe."""
    return subprocess.run(
        [*COMMAND, *options],
        cwd=ROOT,
        env=environment(server.port, **more),
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_talk_greets_answers_and_ends_with_the_input(server: StandIn) -> None:
    done = type_in(server, "my wrist is sore")
    assert done.returncode == 0, done.stderr
    assert server.said == ["hello", "my wrist is sore"]
    assert "I am a computer program" in done.stdout
    assert "You said: my wrist is sore" in done.stdout
    assert done.stderr == ""


def test_a_number_sends_the_payload_of_its_choice(server: StandIn) -> None:
    done = type_in(server, "2")
    assert server.said == ["hello", "privacy please"]
    assert "2 for Privacy" in done.stdout


def test_the_choices_of_an_older_reply_are_gone(server: StandIn) -> None:
    type_in(server, "1", "2")
    assert server.said == ["hello", "my wrist hurts", "2"]


@pytest.mark.parametrize("word", ["bye", "Goodbye!", "quit"])
def test_bye_gets_its_answer_and_ends_the_talk(server: StandIn, word: str) -> None:
    server.replies["bye"] = [{"text": "Take care."}]
    done = type_in(server, word, "never sent")
    assert done.returncode == 0
    assert server.said == ["hello", "bye"]
    assert "Take care." in done.stdout


def test_senders_differ_and_cannot_be_guessed(server: StandIn) -> None:
    type_in(server)
    done = type_in(server)
    first, second = (one["sender"] for one in server.received)
    assert first != second
    assert len(second) >= 20
    assert f"--sender={second}" in done.stdout


def test_a_talk_goes_on_with_its_sender(server: StandIn) -> None:
    type_in(server, options=("--sender=earlier",))
    assert server.received[0]["sender"] == "earlier"


@pytest.mark.parametrize(
    ("token", "status", "line"),
    [("wrong", 200, "RASA_TOKEN"), ("secret", 404, "not Wristwise")],
)
def test_a_talk_that_cannot_begin_says_why_in_one_line(
    server: StandIn, token: str, status: int, line: str
) -> None:
    server.status = status
    done = type_in(server, "never sent", RASA_TOKEN=token)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    told = [one for one in done.stdout.splitlines() if line in one]
    assert len(told) == 1
    assert "Call 999" in told[0]


def test_a_failed_message_does_not_end_the_talk(server: StandIn) -> None:
    server.status = 500
    done = type_in(server, "once more")
    assert done.returncode == 0
    assert done.stdout.count("failed (500)") == 2


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
        env=environment(server.port, **more),
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


@pytest.fixture
def quiet_view() -> chat.PlainView:
    return chat.make_view(plain=True)


@pytest.fixture
def own_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(chat, "LOG", tmp_path / "log")
    return tmp_path / "log"


def free_settings() -> Settings:
    with stand_in() as server:
        return Settings("127.0.0.1", server.port, server.port + 50)


def test_a_running_server_is_used_and_left_alone(
    server: StandIn, quiet_view: chat.PlainView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "start_command", lambda: ["no such program"])
    settings = Settings("127.0.0.1", server.port, 1)
    with chat.running_server(settings, quiet_view):
        pass
    assert chat.is_running(settings)


def test_a_server_of_our_own_is_waited_for_and_stopped(
    own_log: Path, quiet_view: chat.PlainView, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr(chat, "start_command", lambda: SLEEPER)
    monkeypatch.setattr(chat, "wait_until_ready", lambda own, _: started.append(own))
    with chat.running_server(free_settings(), quiet_view):
        assert started[0].poll() is None
    assert started[0].poll() == -signal.SIGTERM


def test_a_server_that_ignores_the_end_is_killed_with_its_children(
    own_log: Path, quiet_view: chat.PlainView, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf = "trap '' TERM; sleep 60 & wait; wait"
    own: list[subprocess.Popen[bytes]] = []

    def settle(server: subprocess.Popen[bytes], _: Settings) -> None:
        own.append(server)
        time.sleep(0.5)

    monkeypatch.setattr(chat, "STOP_PATIENCE", 0.5)
    monkeypatch.setattr(chat, "start_command", lambda: ["bash", "-c", deaf])
    monkeypatch.setattr(chat, "wait_until_ready", settle)
    with chat.running_server(free_settings(), quiet_view):
        pass
    assert own[0].wait(5) == -signal.SIGKILL


def test_a_server_that_does_not_start_leaves_its_last_words(
    own_log: Path, quiet_view: chat.PlainView, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", "print('one'); print('Port taken.'); exit(1)"]
    monkeypatch.setattr(chat, "start_command", lambda: command)
    with (
        pytest.raises(Problem, match=r"^Port taken\.$"),
        chat.running_server(free_settings(), quiet_view),
    ):
        pass

"""A talk over a real HTTP server, from the keyboard to the screen."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from tests.tools.stand_in import StandIn, stand_in
from tools import chat
from tools.environment import Problem, Settings

TypeIn = Callable[..., tuple[int, str]]
SLEEPER = [sys.executable, "-c", "import time; print('busy'); time.sleep(60)"]


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


@pytest.fixture
def type_in(
    server: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> TypeIn:
    """A whole talk through a pipe: its exit code and what was printed."""

    def talk(*lines: str, options: Iterable[str] = (), **more: str) -> tuple[int, str]:
        for name, value in {**server.settings, **more}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdin", StringIO("\n".join([*lines, ""])))
        return chat.chat(chat.arguments([*options])), capsys.readouterr().out

    return talk


def test_a_talk_greets_answers_and_ends_with_the_input(
    server: StandIn, type_in: TypeIn
) -> None:
    code, shown = type_in("my wrist is sore")
    assert code == 0
    assert server.said == ["hello", "my wrist is sore"]
    assert "I am a computer program" in shown
    assert "You said: my wrist is sore" in shown


def test_a_number_sends_the_payload_of_its_choice_once(
    server: StandIn, type_in: TypeIn
) -> None:
    _, shown = type_in("2", "2")
    assert server.said == ["hello", "privacy please", "2"]
    assert "2 for Privacy" in shown


@pytest.mark.parametrize("word", ["bye", "Goodbye!", "quit"])
def test_bye_gets_its_answer_and_ends_the_talk(
    server: StandIn, type_in: TypeIn, word: str
) -> None:
    server.replies["bye"] = [{"text": "Take care."}]
    code, shown = type_in(word, "never sent")
    assert code == 0
    assert server.said == ["hello", "bye"]
    assert "Take care." in shown


def test_senders_differ_and_cannot_be_guessed(server: StandIn, type_in: TypeIn) -> None:
    type_in()
    _, shown = type_in()
    first, second = (one["sender"] for one in server.received)
    assert first != second
    assert len(second) >= 20
    assert f"--sender={second}" in shown


def test_a_talk_goes_on_with_its_sender(server: StandIn, type_in: TypeIn) -> None:
    type_in(options=("--sender=earlier",))
    assert server.received[0]["sender"] == "earlier"


@pytest.mark.parametrize(
    ("token", "status", "line"),
    [("wrong", 200, "RASA_TOKEN"), ("secret", 404, "not Wristwise")],
)
def test_a_talk_that_cannot_begin_says_why_in_one_line(
    server: StandIn, type_in: TypeIn, token: str, status: int, line: str
) -> None:
    server.status = status
    code, shown = type_in("never sent", RASA_TOKEN=token)
    assert code == 1
    told = [one for one in shown.splitlines() if line in one]
    assert len(told) == 1
    assert "Call 999" in told[0]


def test_a_failed_message_does_not_end_the_talk(
    server: StandIn, type_in: TypeIn
) -> None:
    server.status = 500
    code, shown = type_in("once more")
    assert code == 0
    assert shown.count("failed (500)") == 2


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

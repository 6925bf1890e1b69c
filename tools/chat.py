"""`make chat`: a talk with the assistant in the terminal, over its REST channel.

a server answers at HOST:PORT -> talk to it
none does                     -> start one, talk, stop it at the end
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import httpx
from rich.console import Console

from tools.chat_client import Assistant, Unanswered
from tools.chat_view import PlainView, RichView, choices, chosen
from tools.environment import (
    ROOT,
    VAR,
    Problem,
    Settings,
    child_environment,
)
from wrist import library

with suppress(ImportError):
    import readline  # noqa: F401  lets `input` edit the line and recall earlier ones

START_PATIENCE = 180.0  # seconds for a server of our own
STOP_PATIENCE = 20.0
OPENING, FAREWELL = "hello", "bye"
FAREWELLS = frozenset({FAREWELL, "goodbye", "bye bye", "quit", "exit"})
LOG = VAR / "chat-server.log"


def talk(assistant: Assistant, view: PlainView) -> int:
    """Messages there and back until the end of input or a goodbye; the exit code."""
    text, ending = OPENING, False
    while True:
        reply: list[dict[str, Any]] = []
        try:
            with view.waiting():
                reply = assistant.send(text)
        except Unanswered as problem:
            view.trouble(str(problem))
        except Problem as problem:
            view.trouble(str(problem))
            return 1
        offered = {} if ending else choices(reply)
        view.show(reply, offered)
        if ending:
            return 0
        try:
            typed = view.read()
        except EOFError:
            view.note("")
            return 0
        button = chosen(typed, offered)
        if button and button["title"].casefold() != typed.casefold():
            view.note(f"({button['title']})")
        ending = typed.strip(" .!").casefold() in FAREWELLS
        text = FAREWELL if ending else button["payload"] if button else typed


@contextmanager
def running_server(settings: Settings, view: PlainView) -> Iterator[None]:
    """The server that answers already, or one of our own while the talk lasts."""
    if is_running(settings):
        yield
        return
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        # A session of its own: Ctrl-C in the talk ends the talk, which then ends this.
        server = subprocess.Popen(
            start_command(),
            cwd=ROOT,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        with view.waiting("Starting the assistant, some 20 seconds"):
            wait_until_ready(server, settings)
        yield
    finally:
        stop(server)


def start_command() -> list[str]:
    """What starts the servers."""
    return [sys.executable, "-m", "tools.run"]


def is_running(settings: Settings) -> bool:
    """Whether anything listens where the server would."""
    try:
        httpx.get(settings.url, timeout=5, trust_env=False)
    except httpx.ConnectError:
        return False
    except httpx.HTTPError as error:
        raise Problem(f"What listens at {settings.url} does not answer.") from error
    return True


def wait_until_ready(server: subprocess.Popen[bytes], settings: Settings) -> None:
    """Returns when both servers answer; Problem says why they do not."""
    token = child_environment().get("RASA_TOKEN", "")
    addresses = (f"{settings.actions_url}/health", f"{settings.url}/status")
    started = time.monotonic()
    while time.monotonic() - started < START_PATIENCE:
        if server.poll() is not None:
            raise Problem(_last_words() or "The server did not start.")
        if all(_answers(address, token) for address in addresses):
            return
        time.sleep(0.2)
    raise Problem(f"The server did not start in {START_PATIENCE:.0f} s: see {LOG}.")


def _answers(address: str, token: str) -> bool:
    try:
        answer = httpx.get(address, params={"token": token}, timeout=2, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


def _last_words() -> str:
    lines = LOG.read_text(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends the server and everything that it started."""
    server.terminate()
    try:
        server.wait(STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def make_view(*, plain: bool) -> PlainView:
    """Panels on a terminal, plain lines otherwise or where they are asked for."""
    content = library.load(region=child_environment().get(library.REGION_VARIABLE))
    console = Console(highlight=False, soft_wrap=False)
    if plain or not console.is_terminal or console.is_dumb_terminal:
        bare = Console(highlight=False, no_color=True, soft_wrap=True)
        return PlainView(bare, content)
    return RichView(console, content)


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.chat", description="Talk to the assistant here."
    )
    parser.add_argument("--sender", help="go on with an earlier talk, by its id")
    parser.add_argument(
        "--plain", action="store_true", help="lines only, for a screen reader"
    )
    return parser.parse_args(given)


def chat(options: argparse.Namespace) -> int:
    """One talk from start to end; the exit code."""
    settings = Settings.read()
    view = make_view(plain=options.plain)
    sender = options.sender or secrets.token_urlsafe(16)
    assistant = Assistant(settings.url, child_environment().get("RASA_TOKEN"), sender)
    try:
        with running_server(settings, view):
            view.note('Type a message or a choice. "bye" or Ctrl-D ends the talk.')
            code = talk(assistant, view)
    except KeyboardInterrupt:
        view.note("")
        code = 0
    except Problem as problem:
        view.trouble(str(problem))
        return 1
    view.note(f"To go on later: {sys.executable} -m tools.chat --sender={sender}")
    return code


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)  # a server of our own is ended, too
    try:
        return chat(arguments())
    except (Problem, library.ContentError) as problem:
        print(problem)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""`make run`: set-up, training if needed, then both servers until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import httpx
from honcho.manager import Manager
from honcho.printer import Message, Printer
from ruamel.yaml import YAML

from tools import setup, train
from tools.environment import (
    ROOT,
    VAR,
    Problem,
    Settings,
    child_environment,
    console,
)

PATIENCE = 180  # seconds until an answer must have come
STOPPED_BY_USER = (130, 143)  # what honcho returns after SIGINT and SIGTERM


def run() -> int:
    """Start everything and stay until it ends; the exit code of the command."""
    settings = Settings.read()
    check_ports(settings)
    setup.set_up()
    train.train()
    if not child_environment().get("RASA_TOKEN"):
        raise Problem("RASA_TOKEN is not set: add it to .env, or delete .env.")
    render_endpoints(settings)
    return Supervisor(settings, servers(settings)).run()


def check_ports(settings: Settings) -> None:
    """Say which port is taken before anything is started."""
    if settings.port == settings.actions_port:
        raise Problem("PORT and ACTIONS_PORT are equal: give them different numbers.")
    listeners = [
        ("PORT", settings.host, settings.port),
        ("ACTIONS_PORT", "127.0.0.1", settings.actions_port),
    ]
    for name, host, port in listeners:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise Problem(
                    f"Cannot listen on {host}:{port} ({error.strerror}): end what uses "
                    f"it, or choose another, as in `make run {name}={port + 100}`."
                ) from error


def render_endpoints(settings: Settings) -> Path:
    """A copy of endpoints.yml that looks for the action server where it is."""
    yaml = YAML()
    endpoints = yaml.load((ROOT / "endpoints.yml").read_text()) or {}
    endpoints["action_endpoint"]["url"] = f"{settings.actions_url}/webhook"
    target = VAR / settings.endpoints
    with target.open("w") as stream:
        yaml.dump(endpoints, stream)
    return target


def servers(settings: Settings) -> dict[str, str]:
    """The command of each server; `exec`, so that signals meet it and no shell."""
    python = f"{sys.executable} -m"
    actions = f"rasa_sdk --actions actions --port {settings.actions_port}"
    return {
        "rasa": f"exec {python} tools.rasa_command serve",
        # The variable is rasa_sdk's only way to keep it on loopback.
        "actions": f"exec env SANIC_HOST=127.0.0.1 {python} {actions}",
    }


class Supervisor:
    """The servers under honcho, and somebody who watches until they answer."""

    def __init__(self, settings: Settings, commands: dict[str, str]) -> None:
        self.settings = settings
        self.started = time.monotonic()
        self.trouble: str | None = None
        self.environment = {
            **child_environment(),
            "HOST": settings.host,
            "PORT": str(settings.port),
            "ACTIONS_PORT": str(settings.actions_port),
        }
        self.manager = Manager(_Console(len(commands), self.on_event))
        for name, command in commands.items():
            self.manager.add_process(name, command, env=self.environment, cwd=str(ROOT))

    def run(self) -> int:
        signal.signal(signal.SIGHUP, _as_sigterm)  # a closed terminal ends all, too
        self.manager.loop()
        if self.trouble is None and self.manager.returncode in STOPPED_BY_USER:
            console.print("Stopped.")
            return 0
        console.print(f"[red]{self.trouble or 'Stopped, nobody knows why.'}[/red]")
        return max(1, self.manager.returncode or 0)

    def on_event(self, event: str) -> None:
        if event == "all started":
            threading.Thread(target=self.wait_for_answers, daemon=True).start()
        elif self.manager.returncode is None and self.trouble is None:
            self.trouble = f"Everything was stopped, since {event}: see above."

    def wait_for_answers(self) -> None:
        """Print the address once both servers answer, or give up."""
        addresses = (
            f"{self.settings.actions_url}/health",
            f"{self.settings.url}/status?token={self.environment['RASA_TOKEN']}",
        )
        while time.monotonic() - self.started < PATIENCE:
            if all(_answers(address) for address in addresses):
                seconds = time.monotonic() - self.started
                console.print(
                    f"\nWristwise answers after {seconds:.0f} s; Ctrl-C stops it.\n"
                    f"[bold]{self.settings.url}/[/bold]"
                )
                return
            time.sleep(0.2)
        self.trouble = f"No answer within {PATIENCE} s: see above."
        os.kill(os.getpid(), signal.SIGTERM)


class _Console(Printer):  # type: ignore[misc]
    """Prints what the servers say and reports what honcho says about them."""

    def __init__(self, processes: int, report: Callable[[str], None]) -> None:
        super().__init__(sys.stdout)
        self.waiting_for, self.report = processes, report

    def write(self, message: Message) -> None:
        if message.name != "system":
            super().write(message)
        elif " started " in message.data:
            self.waiting_for -= 1
            if not self.waiting_for:
                self.report("all started")
        elif " stopped " in message.data:
            self.report(message.data.strip())


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _as_sigterm(signum: int, frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)  # until honcho takes over
    try:
        return run()
    except Problem as problem:
        console.print(f"[red]{problem}[/red]")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 0


if __name__ == "__main__":
    sys.exit(main())

"""Where the project lies and how it is configured: environment, .env, default."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from honcho.environ import parse
from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
VAR, MODELS, RESULTS = ROOT / "var", ROOT / "models", ROOT / "results"
console = Console(highlight=False, soft_wrap=True)

# For every process of Rasa: nothing sent out, nothing said that nobody can act on.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONUNBUFFERED": "1",
}


class Problem(Exception):
    """What stops a command; the message is one line that says what to do."""


def child_environment() -> dict[str, str]:
    """The environment for a process of ours: .env beneath the real one, calm logs."""
    return {**_dotenv(), **QUIET, **os.environ}


def _dotenv() -> dict[str, str]:
    file = ROOT / ".env"
    return dict(parse(file.read_text())) if file.is_file() else {}


@dataclass(frozen=True)
class Settings:
    """Where the servers listen."""

    host: str
    port: int
    actions_port: int

    @classmethod
    def read(cls) -> Settings:
        values = child_environment()
        port = _port("PORT", values.get("PORT") or "5005")
        actions = values.get("ACTIONS_PORT") or str(port + 50)
        host = values.get("HOST") or "127.0.0.1"
        return cls(host, port, _port("ACTIONS_PORT", actions))

    @property
    def url(self) -> str:
        """The address to open; one that listens everywhere is reached on loopback."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{host}:{self.port}"

    @property
    def endpoints(self) -> str:
        """The name under var/ of the endpoints that fit these ports."""
        return f"endpoints-{self.port}.yml"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise Problem(f"{name} is {value!r}: set it to a number from 1 to 65535.")
    return int(value)

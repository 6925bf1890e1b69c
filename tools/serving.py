"""Starts the servers of a trained project on free ports, and stops them again.

with serving.start() as server:
    server.say("me", "my wrist hurts")
"""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from tools.environment import ROOT, Problem, child_environment

PATIENCE = 180.0  # seconds until both servers must answer
FAREWELL = 15  # seconds until a process that was asked to stop is killed


@dataclass
class Server:
    """The servers of one project, running on loopback with stores of their own."""

    url: str
    token: str
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        bearer = {"Authorization": f"Bearer {self.token}"}
        self.client = httpx.Client(base_url=self.url, headers=bearer, timeout=60)

    @property
    def log(self) -> str:
        """What the servers have written so far."""
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(file.read_text(errors="replace") for file in files)

    def say(
        self, sender: str, text: str, metadata: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The messages that answer `text`, as the REST channel gives them."""
        body = {"sender": sender, "message": text}
        if metadata:
            body["metadata"] = metadata
        return self._checked(self.client.post("/webhooks/rest/webhook", json=body))

    def parse(self, text: str) -> dict[str, Any]:
        """What the language part makes of `text`."""
        return self._checked(self._post("/model/parse", {"text": text}))

    def tracker(self, sender: str) -> dict[str, Any]:
        """Slots and events of a conversation."""
        path = f"/conversations/{sender}/tracker"
        return self._checked(self.client.get(path, params={"token": self.token}))

    def slots(self, sender: str) -> dict[str, Any]:
        return self.tracker(sender)["slots"]

    def set_slots(self, sender: str, values: Mapping[str, Any]) -> None:
        """Put a conversation into a state without talking."""
        events = [
            {"event": "slot", "name": name, "value": value}
            for name, value in values.items()
        ]
        path = f"/conversations/{sender}/tracker/events"
        self._checked(self._post(path, events))

    def move_clock(self, hours: float) -> None:
        """Let the assistant think that it is so many hours later than it is."""
        (self.folder / "clock").write_text(str(hours))

    def stop(self, index: int) -> None:
        """Stop one process: 0 is the Rasa server, 1 the action server."""
        process = self.processes[index]
        process.terminate()
        try:
            process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _post(self, path: str, body: Any) -> httpx.Response:
        return self.client.post(path, params={"token": self.token}, json=body)

    def _checked(self, response: httpx.Response) -> Any:
        response.raise_for_status()
        return response.json()


@contextmanager
def start(
    project: Path = ROOT,
    *,
    model: Path | None = None,
    environment: Mapping[str, str] | None = None,
    fast_start: bool | None = None,
    patience: float = PATIENCE,
) -> Iterator[Server]:
    """The servers of `project` with its newest model, until the block ends.

    `fast_start` starts Rasa as `make run` does, else as the rasa command does.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port, actions_port = free_ports(2)
        server = Server(f"http://127.0.0.1:{port}", secrets.token_urlsafe(16), folder)
        stack.callback(_stop_all, server)
        has_actions = write_endpoints(project, folder, actions_port)
        variables = {
            **child_environment(),
            "CLOCK_OFFSET_FILE": str(folder / "clock"),
            **(environment or {}),
            "RASA_TOKEN": server.token,
            "PYTHONPATH": str(project),
        }
        arguments = ["--port", str(port), *_arguments(server, model or newest(project))]
        if fast_start is None:
            fast_start = (project / "tools" / "rasa_command.py").is_file()
        rasa = ["-m", "tools.rasa_command"] if fast_start else ["-m", "rasa"]
        _spawn(server, "rasa", [*rasa, "run", *arguments], project, variables)
        if has_actions:
            command = ["-m", "rasa_sdk", "--actions", "actions"]
            command += ["--port", str(actions_port)]
            variables = {**variables, "SANIC_HOST": "127.0.0.1"}
            _spawn(server, "actions", command, project, variables)
        addresses = [f"{server.url}/status?token={server.token}"]
        if has_actions:
            addresses.append(f"http://127.0.0.1:{actions_port}/health")
        _wait(server, addresses, patience)
        yield server


def newest(project: Path) -> Path:
    """The model trained last."""
    models = list((project / "models").glob("*.tar.gz"))
    if not models:
        raise Problem(f"There is no model in {project / 'models'}: run `make train`.")
    return max(models, key=lambda file: file.stat().st_mtime)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now, all different."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def write_endpoints(project: Path, folder: Path, actions_port: int) -> bool:
    """A copy of the endpoints for these ports; whether an action server is needed."""
    source = project / "endpoints.yml"
    endpoints = (YAML().load(source.read_text()) if source.is_file() else {}) or {}
    if "action_endpoint" in endpoints:
        url = f"http://127.0.0.1:{actions_port}/webhook"
        endpoints["action_endpoint"]["url"] = url
    if "db" in endpoints.get("tracker_store", {}):
        endpoints["tracker_store"]["db"] = str(folder / "conversations.db")
    with (folder / "endpoints.yml").open("w") as stream:
        YAML().dump(endpoints, stream)
    return "action_endpoint" in endpoints


def _arguments(server: Server, model: Path) -> list[str]:
    return [
        *("--interface", "127.0.0.1"),
        *("--enable-api", f"--auth-token={server.token}"),  # it may begin with a dash
        *("--endpoints", str(server.folder / "endpoints.yml")),
        *("--model", str(model)),
    ]


def _spawn(
    server: Server, name: str, command: list[str], project: Path, env: dict[str, str]
) -> None:
    with (server.folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=project,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server.processes.append(process)


def _wait(server: Server, addresses: list[str], patience: float) -> None:
    deadline = time.monotonic() + patience
    waiting = list(addresses)
    while waiting:
        dead = [one for one in server.processes if one.poll() is not None]
        if dead or time.monotonic() > deadline:
            reason = "stopped" if dead else f"gave no answer within {patience:.0f} s"
            raise Problem(f"A server {reason}:\n{server.log[-3000:]}")
        with suppress(httpx.HTTPError):
            waiting = [one for one in waiting if not _is_ready(one)]
        if waiting:
            time.sleep(0.1)


def _is_ready(address: str) -> bool:
    return httpx.get(address, timeout=5).status_code == 200


def _stop_all(server: Server) -> None:
    server.client.close()
    for process in server.processes:
        if process.poll() is None:
            process.terminate()
    for index in range(len(server.processes)):
        server.stop(index)

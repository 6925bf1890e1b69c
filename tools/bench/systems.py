"""Training, starting and weighing one of the measured systems."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from tools import serving
from tools.bench import projects
from tools.environment import ROOT, Problem, child_environment
from tools.train import CODE, DATA, digest

PATIENCE = 600  # stock takes a minute to start where two others use the machine
RECORD = "bench.json"
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"


@dataclass(frozen=True)
class System:
    """A project that can be trained and started."""

    name: str
    folder: Path
    state: str  # of the files before training: Rasa writes the defaults into config.yml

    @classmethod
    def of(cls, name: str, folder: Path) -> System:
        return cls(name, folder, digest((*DATA, *CODE), folder))

    @property
    def is_ours(self) -> bool:
        return (self.folder / "tools").is_dir()

    @property
    def environment(self) -> dict[str, str]:
        """For its processes; the converted encoder of this project is used as it is."""
        caches = {"ENCODER_CACHE": str(ROOT / "var" / "encoder")}
        own = {"VECTOR_CACHE": str(self.folder / "var" / "vectors")}
        path = {"PYTHONPATH": str(self.folder)}
        found = {**child_environment(), **caches, **own, **path}
        if not self.is_ours:
            found.pop(ONEDNN, None)  # it speeds up what stock computes
        return found

    def train(self, *, from_nothing: bool = True) -> float:
        """Seconds that training takes."""
        if from_nothing:
            for name in (".rasa", "var/vectors"):
                shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / "var" / "trained.json").unlink(missing_ok=True)
        command = [sys.executable, "-m", "tools.train"]
        if not self.is_ours:
            command = [sys.executable, "-m", "rasa", "train"]
        started = time.perf_counter()
        self.run(command, "train.log")
        return time.perf_counter() - started

    def run(self, command: list[str], log: str) -> None:
        with (self.folder / log).open("w") as stream:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=self.environment,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            tail = (self.folder / log).read_text(errors="replace")[-2000:]
            raise Problem(f"{self.name}: {' '.join(command[2:])} failed:\n{tail}")

    def fits(self) -> bool:
        """Whether its model was trained on what lies there now."""
        recorded = self.recorded()
        models = list((self.folder / "models").glob("*.tar.gz"))
        return bool(models) and recorded.get("digest") == self.state

    def recorded(self) -> dict[str, Any]:
        """What is known of its last training."""
        path = self.folder / RECORD
        return json.loads(path.read_text()) if path.is_file() else {}

    def record(self, seconds: list[float]) -> None:
        found = {
            "digest": self.state,
            "seconds": seconds,
            "trained": time.strftime("%Y-%m-%d %H:%M"),
        }
        (self.folder / RECORD).write_text(json.dumps(found, indent=2))

    @contextmanager
    def serve(self) -> Iterator[serving.Server]:
        """The servers, as light as they come, for measuring speed."""
        with serving.start(
            self.folder,
            environment=self.environment,
            fast_start=self.is_ours,
            patience=PATIENCE,
        ) as server:
            yield server

    @contextmanager
    def start_as_users_do(self) -> Iterator[tuple[int, str, str]]:
        """`make run` for ours, `rasa run` for the others: process, address, token."""
        port, actions_port = serving.free_ports(2)
        environment = {
            **self.environment,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "ACTIONS_PORT": str(actions_port),
            "RASA_TOKEN": "bench",
        }
        command = [sys.executable, "-m", "tools.run"]
        if not self.is_ours:
            command = [sys.executable, "-m", "rasa", "run", "--port", str(port)]
            command += ["--interface", "127.0.0.1"]
        with (self.folder / "run.log").open("w") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield process.pid, f"http://127.0.0.1:{port}", "bench"
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(serving.FAREWELL)
            process.kill()
            process.wait()


def seconds_to_first_answer(url: str, token: str, text: str, pid: int) -> float:
    """Waits until a message is answered; the caller has just started the process."""
    started = time.perf_counter()
    headers = {"Authorization": f"Bearer {token}"}
    message = {"sender": "first", "message": text}
    while time.perf_counter() - started < PATIENCE:
        if not psutil.pid_exists(pid):
            break
        with suppress(httpx.HTTPError):
            answer = httpx.post(
                f"{url}/webhooks/rest/webhook",
                json=message,
                headers=headers,
                timeout=60,
            )
            if answer.status_code == 200 and answer.json():
                return time.perf_counter() - started
        time.sleep(0.1)
    raise Problem(f"{url} gave no answer within {PATIENCE} s.")


def memory(pid: int) -> dict[str, float]:
    """Megabytes of a process and all below it: PSS shares out what is shared."""
    root = psutil.Process(pid)
    every = [root, *root.children(recursive=True)]
    details = [process.memory_full_info() for process in every]
    proportional = [getattr(one, "pss", one.uss) for one in details]
    return {
        "pss": sum(proportional) / 1e6,
        "rss": sum(one.rss for one in details) / 1e6,
        "processes": len(every),
    }


def build(folder: Path = projects.FOLDER) -> dict[str, System]:
    """The three systems with today's data; a model that still fits is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "ours": System.of("ours", projects.copy_ours(folder / "ours")),
        "stock": System.of("stock", projects.make_stock(folder / "stock")),
        "floor": System.of("floor", projects.make_floor(folder / "floor")),
    }

"""A port in use is said before anything starts; one dead server ends the other."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tools import run
from tools.environment import ROOT, Problem, Settings

SLEEP = f"exec {sys.executable} -c 'import time; time.sleep(60)'"
FAIL = f"exec {sys.executable} -c 'import sys; sys.exit(3)'"
PROGRAM = """
import sys
from tools import run
from tools.environment import Settings
supervisor = run.Supervisor(Settings("127.0.0.1", 1, 2), dict(zip("ab", sys.argv[1:])))
supervisor.wait_for_answers = lambda: print("watching", flush=True)
sys.exit(supervisor.run())
"""


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_free_ports_are_no_problem(free_port: int) -> None:
    run.check_ports(Settings("127.0.0.1", free_port, free_port + 1))


@pytest.mark.parametrize("name", ["PORT", "ACTIONS_PORT"])
def test_a_taken_port_is_named_with_its_variable(
    taken_port: int, free_port: int, name: str
) -> None:
    ports = (taken_port, free_port) if name == "PORT" else (free_port, taken_port)
    with pytest.raises(Problem) as problem:
        run.check_ports(Settings("127.0.0.1", *ports))
    assert str(taken_port) in str(problem.value)
    assert f"make run {name}=" in str(problem.value)
    assert "\n" not in str(problem.value)


def test_nothing_starts_when_a_port_is_taken(taken_port: int) -> None:
    environment = {**os.environ, "PORT": str(taken_port)}
    done = subprocess.run(
        [sys.executable, "-m", "tools.run"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_endpoints_point_at_the_action_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "endpoints.yml").write_text(
        "action_endpoint:\n  url: http://127.0.0.1:5055/webhook\n"
        "nlg:\n  type: addons.nlg.Some\n"
    )
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VAR", tmp_path)
    rendered = YAML().load(run.render_endpoints(Settings("::", 7000, 7050)))
    assert rendered["action_endpoint"]["url"] == "http://127.0.0.1:7050/webhook"
    assert rendered["nlg"]["type"] == "addons.nlg.Some"


def start(*commands: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *commands],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_one_dead_process_ends_the_other_and_the_reason_is_said() -> None:
    started = time.monotonic()
    output, _ = (supervisor := start(SLEEP, FAIL)).communicate(timeout=30)
    assert supervisor.returncode == 3
    assert "b stopped (rc=3)" in output
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_and_counts_as_success(number: signal.Signals) -> None:
    supervisor = start(SLEEP, SLEEP)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "watching\n"
    supervisor.send_signal(number)
    output, _ = supervisor.communicate(timeout=30)
    assert supervisor.returncode == 0, output
    assert output == "Stopped.\n"

"""Settings come from the environment, then .env, then the default."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment
from tools.environment import Problem, Settings


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("HOST", "PORT", "ACTIONS_PORT", "RASA_TELEMETRY_ENABLED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    return tmp_path


def test_the_defaults_are_on_loopback() -> None:
    assert Settings.read() == Settings("127.0.0.1", 5005, 5055)


def test_the_action_port_follows_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "7000")
    assert Settings.read().actions_port == 7050


def test_the_environment_wins_over_the_env_file(
    monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    (project / ".env").write_text("PORT=7000\nHOST=0.0.0.0\n")
    monkeypatch.setenv("PORT", "8000")
    assert Settings.read() == Settings("0.0.0.0", 8000, 8050)
    assert Settings.read().url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("port", ["http", "-1", "0", "65536", "5005.0"])
def test_a_port_that_is_none_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Problem, match="set it to a number"):
        Settings.read()


def test_telemetry_is_off_for_every_process() -> None:
    assert environment.child_environment()["RASA_TELEMETRY_ENABLED"] == "false"


def test_telemetry_is_off_even_for_a_command_typed_by_hand() -> None:
    program = "import os; print(os.environ['RASA_TELEMETRY_ENABLED'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "false"

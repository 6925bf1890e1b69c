"""Training and chatting try no outside address, even when `rasa` is typed by hand.

Every Python process of a copy of the project runs under a guard that writes down, and
refuses, each look-up of a name and each connection that is not to this machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from addons.nlu import flag_model
from tools import serving
from tools.environment import ROOT, child_environment

GUARD = '''
"""Loaded by every Python process that has this folder on its path."""
import ipaddress, os, socket

def _outside(host):
    if host is None or isinstance(host, (bytes, bytearray)):
        host = (host or b"").decode()
    if str(host) in ("", "localhost", "localhost.localdomain", socket.gethostname()):
        return False
    try:
        return not ipaddress.ip_address(str(host)).is_loopback and str(host) not in (
            "0.0.0.0", "::")
    except ValueError:
        return True

def _guard(where, name, place):
    original = getattr(where, name)
    def guarded(*arguments, **keywords):
        target = arguments[place] if len(arguments) > place else None
        host = target[0] if isinstance(target, tuple) else target
        if isinstance(host, (str, bytes, type(None))) and _outside(host):
            if not str(host).startswith("/"):  # a socket file of this machine
                with open(os.environ["OFFLINE_RECORD"], "a") as record:
                    record.write(f"{name} {host}\\n")
                raise OSError(f"refused: {name} {host}")
        return original(*arguments, **keywords)
    setattr(where, name, guarded)

class Guarded(socket.socket):
    pass

for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
    _guard(socket, _name, 0)
for _name in ("connect", "connect_ex", "sendto"):
    _guard(Guarded, _name, 2 if _name == "sendto" else 1)
socket.socket = Guarded
'''
LINKED = ("actions", "addons", "encoder", "wrist", "tools", "config.yml", "domain.yml")
COPIED = ("endpoints.yml", "credentials.yml")
FEW = 2  # examples of each intent are enough to train something


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a few examples, a guard and folders of its own."""
    folder = tmp_path_factory.mktemp("offline")
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    for name in COPIED:
        shutil.copy(ROOT / name, folder / name)
    for name in ("rules", "stories"):
        shutil.copytree(ROOT / "data" / name, folder / "data" / name)
    (folder / "data" / "flags").symlink_to(ROOT / "data" / "flags")
    (folder / "data" / "nlu").mkdir()
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        lines = _first_examples(path.read_text(encoding="utf-8"))
        (folder / "data" / "nlu" / path.name).write_text(lines, encoding="utf-8")
    for name in ("models", "var", "home"):
        (folder / name).mkdir()
    (folder / "sitecustomize.py").write_text(GUARD)
    (folder / "record").touch()
    return folder


def _first_examples(text: str) -> str:
    kept, seen = [], 0
    for line in text.splitlines():
        is_example = line.startswith("      - ")
        seen = seen + 1 if is_example else 0
        kept += [line] if seen <= FEW else []
    return "\n".join(kept) + "\n"


def environment(project: Path) -> dict[str, str]:
    """As somebody has it who types `rasa train`: no variable turns telemetry off.

    A home of its own, so that no earlier `rasa telemetry disable` helps.
    """
    ours = {
        **child_environment(),
        "PYTHONPATH": str(project),
        "OFFLINE_RECORD": str(project / "record"),
        "HOME": str(project / "home"),
        "VECTOR_CACHE": str(project / "var"),
        "FLAGS_CACHE": str(flag_model.folder().parent),  # to learn them takes minutes
    }
    for name in ("RASA_TELEMETRY_ENABLED", "CI", "PYTEST_CURRENT_TEST"):
        ours.pop(name, None)
    return ours


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        timeout=600,
    )


def attempts(project: Path) -> str:
    return (project / "record").read_text()


def test_the_guard_sees_and_refuses_an_attempt(project: Path) -> None:
    code = "import urllib.request as u; u.urlopen('http://example.org', timeout=5)"
    assert run(project, "-c", code).returncode != 0
    assert "example.org" in attempts(project)
    code = "import socket; socket.socket().connect(('192.0.2.1', 80))"
    assert run(project, "-c", code).returncode != 0
    assert "connect 192.0.2.1" in attempts(project)
    (project / "record").write_text("")
    code = (
        "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
        "socket.create_connection(s.getsockname()).close()"
    )
    done = run(project, "-c", code)
    assert done.returncode == 0, done.stderr
    assert not attempts(project)


def test_training_and_chatting_try_no_outside_address(project: Path) -> None:
    trained = run(project, "-m", "rasa", "train")
    assert trained.returncode == 0, trained.stdout[-3000:] + trained.stderr[-3000:]
    assert not attempts(project)
    quiet = {key: environment(project)[key] for key in ("OFFLINE_RECORD", "HOME")}
    with serving.start(project, environment=quiet, fast_start=False) as server:
        messages = server.say("offline", "my fingers are blue and cold")
        assert messages[0]["custom"]["level"] == "emergency_ambulance"
        server.say("offline", "where does that come from")
        assert server.parse("hello")["intent"]
    assert not attempts(project)


def test_telemetry_is_off_for_every_process_of_ours() -> None:
    assert child_environment()["RASA_TELEMETRY_ENABLED"] == "false"
    code = "from rasa import telemetry; print(telemetry.is_telemetry_enabled())"
    ours = {k: v for k, v in os.environ.items() if k != "RASA_TELEMETRY_ENABLED"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=ours,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.strip() == "False", done.stderr[-2000:]

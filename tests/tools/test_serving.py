"""Ports, endpoints and models of servers that tools start."""

import os
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tools import serving
from tools.environment import Problem


def test_free_ports_are_different() -> None:
    assert len(set(serving.free_ports(5))) == 5


def test_endpoints_get_ports_and_a_store_of_their_own(tmp_path: Path) -> None:
    project, folder = tmp_path / "project", tmp_path / "run"
    project.mkdir()
    folder.mkdir()
    (project / "endpoints.yml").write_text(
        "action_endpoint:\n  url: http://127.0.0.1:5055/webhook\n"
        "tracker_store:\n  dialect: sqlite\n  db: var/conversations.db\n"
    )
    assert serving.write_endpoints(project, folder, 7050)
    made = YAML().load((folder / "endpoints.yml").read_text())
    assert made["action_endpoint"]["url"] == "http://127.0.0.1:7050/webhook"
    assert made["tracker_store"]["db"] == str(folder / "conversations.db")


def test_without_endpoints_no_action_server_is_needed(tmp_path: Path) -> None:
    assert not serving.write_endpoints(tmp_path / "nowhere", tmp_path, 7050)


def test_the_newest_model_is_taken(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    with pytest.raises(Problem, match="make train"):
        serving.newest(tmp_path)
    for age, name in enumerate(("b.tar.gz", "a.tar.gz")):
        (models / name).touch()
        os.utime(models / name, (1000 + age, 1000 + age))
    assert serving.newest(tmp_path).name == "a.tar.gz"

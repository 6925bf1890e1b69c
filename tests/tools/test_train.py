"""Training happens when the project changed, and only then."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import train
from tools.environment import Problem


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A small project whose `rasa train` only writes down how it was called."""
    for name in ("models", "var", "data/nlu", "data/rules", "addons"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "config.yml").write_text("language: en\n")
    (tmp_path / "data" / "nlu" / "check.yml").write_text("nlu: []\n")
    (tmp_path / "data" / "rules" / "check.yml").write_text("rules: []\n")
    (tmp_path / "addons" / "nlu.py").write_text("A = 1\n")
    for name, value in {
        "ROOT": tmp_path,
        "MODELS": tmp_path / "models",
        "RECORD": tmp_path / "var" / "trained.json",
    }.items():
        monkeypatch.setattr(train, name, value)
    calls = tmp_path / "calls.json"
    calls.write_text("[]")

    def rasa_train(*, force: bool, validated: bool, usual: str | None) -> None:
        how = "everything" if force else "examples" if validated else "changes"
        made = [*json.loads(calls.read_text()), how]
        calls.write_text(json.dumps(made))
        (tmp_path / "models" / f"model-{len(made):02}.tar.gz").touch()

    monkeypatch.setattr(train, "_rasa_train", rasa_train)
    yield tmp_path


def trainings(project: Path) -> list[str]:
    """What each training was told to look at."""
    return json.loads((project / "calls.json").read_text())


def test_an_unchanged_project_is_trained_once(project: Path) -> None:
    assert train.train() == train.train()
    assert trainings(project) == ["changes"]


def test_an_added_example_is_trained_in(project: Path) -> None:
    train.train()
    (project / "data" / "nlu" / "check.yml").write_text("nlu: [more]\n")
    assert train.train().name == "model-02.tar.gz"
    assert trainings(project) == ["changes", "examples"]


@pytest.mark.parametrize("name", ["data/rules/check.yml", "config.yml"])
def test_changed_rules_and_settings_are_validated(project: Path, name: str) -> None:
    train.train()
    (project / name).write_text("rules: [more]\n")
    train.train()
    assert trainings(project) == ["changes", "changes"]


def test_changed_code_of_a_component_trains_everything_anew(project: Path) -> None:
    train.train()
    (project / "addons" / "nlu.py").write_text("A = 2\n")
    train.train()
    assert trainings(project) == ["changes", "everything"]


def test_a_lost_model_is_made_again(project: Path) -> None:
    train.train().unlink()
    train.train()
    assert len(trainings(project)) == 2


def test_bytecode_is_no_change(project: Path) -> None:
    before = train.digest(train.CODE)
    (project / "addons" / "__pycache__").mkdir()
    (project / "addons" / "__pycache__" / "nlu.pyc").touch()
    assert train.digest(train.CODE) == before


def test_a_renamed_file_is_a_change(project: Path) -> None:
    before = train.digest(train.DATA)
    (project / "data" / "nlu" / "check.yml").rename(project / "data" / "other.yml")
    assert train.digest(train.DATA) != before


def test_only_the_newest_models_are_kept(project: Path) -> None:
    for number in range(train.KEEP + 3):
        (project / "data" / "nlu" / "check.yml").write_text(f"nlu: [{number}]\n")
        newest = train.train()
    kept = list((project / "models").iterdir())
    assert len(kept) == train.KEEP
    assert newest in kept


def test_without_a_config_the_problem_is_named(project: Path) -> None:
    (project / "config.yml").unlink()
    with pytest.raises(Problem, match=r"no config\.yml"):
        train.train()

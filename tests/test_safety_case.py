"""The safety case agrees with itself and with the files and tests that it names."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.project_files import load
from tools.environment import ROOT

FOLDER = ROOT / "docs" / "safety"
LOG = FOLDER / "hazard_log.yml"
FIELDS = {
    *("id", "hazard", "cause", "effect", "before", "controls", "tests", "after"),
    *("residual", "note"),
}
TEXTS = ("hazard", "cause", "effect", "residual", "note")
RESIDUAL = {"acceptable", "tolerable", "undesirable"}
GRAVE = 4
OPEN = re.compile(r"Missing: \w")
SCALE = range(1, 6)
# A path in code marks; other code marks hold commands and settings.
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:ya?ml|md|py|toml))`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
PAGES = sorted(FOLDER.glob("*.md"))


@cache
def hazards() -> list[dict[str, Any]]:
    found = load(LOG)
    assert set(found) == {"hazards"}
    return found["hazards"]


def each_hazard() -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "hazard", hazards(), ids=lambda one: str(one.get("id"))
    )


@cache
def functions(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))


def test_problem(node_id: str) -> str | None:
    """What is wrong with a node id, or None where that test exists."""
    path, _, name = node_id.partition("::")
    file = ROOT / path
    if not path.startswith("tests/") or not file.name.startswith("test_"):
        return f"{node_id}: no test file"
    if not file.is_file():
        return f"{node_id}: no such file"
    if not name.startswith("test_") or name not in functions(file):
        return f"{node_id}: no such test"
    return None


test_problem.__test__ = False  # type: ignore[attr-defined]


@cache
def matrix() -> dict[tuple[int, int], str]:
    """(likelihood, severity) -> the word of the README's matrix."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("### Acceptability\n")
    rows = re.findall(r"^\| ([1-5]) \|(.+)\|$", rest.split("\n#")[0], re.M)
    return {
        (int(likelihood), severity): word.strip()
        for likelihood, cells in rows
        for severity, word in enumerate(cells.split("|"), 1)
    }


def test_ids_are_unique_and_in_order() -> None:
    ids = [one["id"] for one in hazards()]
    assert ids == [f"HZ{number:02}" for number in range(1, len(ids) + 1)]
    assert len(ids) >= 24


@each_hazard()
def test_a_hazard_has_all_fields_and_no_other(hazard: dict[str, Any]) -> None:
    assert set(hazard) == FIELDS
    for name in TEXTS:
        assert isinstance(hazard[name], str) and hazard[name].strip(), name
    for moment in ("before", "after"):
        assert set(hazard[moment]) == {"likelihood", "severity"}
        for value in hazard[moment].values():
            assert type(value) is int and value in SCALE, (moment, value)


@each_hazard()
def test_controls_never_make_it_worse(hazard: dict[str, Any]) -> None:
    before, after = hazard["before"], hazard["after"]
    assert all(after[name] <= before[name] for name in before)
    assert after != before, "then the controls do nothing"


def test_the_matrix_is_whole_and_never_milder_where_more_is_at_stake() -> None:
    order = ["acceptable", "tolerable", "undesirable", "unacceptable"]
    assert set(matrix()) == {(one, other) for one in SCALE for other in SCALE}
    for (likelihood, severity), word in matrix().items():
        for worse in ((likelihood + 1, severity), (likelihood, severity + 1)):
            assert order.index(matrix().get(worse, order[-1])) >= order.index(word)


@each_hazard()
def test_the_residual_risk_is_that_of_the_matrix(hazard: dict[str, Any]) -> None:
    after = hazard["after"]
    assert hazard["residual"] == matrix()[after["likelihood"], after["severity"]]
    assert hazard["residual"] in RESIDUAL, "no release while a risk is unacceptable"


@each_hazard()
def test_every_control_names_files_that_exist(hazard: dict[str, Any]) -> None:
    for control in hazard["controls"]:
        assert set(control) == {"what", "where"}
        assert control["what"].strip() and control["where"]
        missing = [name for name in control["where"] if not (ROOT / name).exists()]
        assert not missing, missing


@each_hazard()
def test_every_test_that_is_named_exists(hazard: dict[str, Any]) -> None:
    named = hazard["tests"]
    assert isinstance(named, list) and len(named) == len(set(named))
    problems = [problem for one in named if (problem := test_problem(one))]
    assert not problems, problems


@pytest.mark.parametrize(
    "node_id",
    [
        "tests/test_safety_case.py::test_that_nobody_wrote",
        "tests/test_safety_case.py::hazards",
        "tests/test_safety_case.py",
        "tests/test_of_nothing.py::test_ids_are_unique_and_in_order",
        "tools/run.py::run",
    ],
)
def test_a_test_that_does_not_exist_is_noticed(node_id: str) -> None:
    assert test_problem(node_id)


@each_hazard()
def test_a_grave_hazard_is_controlled_and_tested_or_says_what_is_missing(
    hazard: dict[str, Any],
) -> None:
    if hazard["before"]["severity"] >= GRAVE:
        assert hazard["controls"]
        assert hazard["tests"] or OPEN.search(hazard["note"])


@each_hazard()
def test_without_a_test_the_note_says_what_is_missing(hazard: dict[str, Any]) -> None:
    assert hazard["tests"] or OPEN.search(hazard["note"])


def test_the_readme_names_every_file_of_the_folder() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = text.split("\n## ")[0]
    assert set(LINK.findall(table)) >= {file.name for file in FOLDER.iterdir()}


@pytest.mark.parametrize("page", [*PAGES, LOG], ids=lambda page: page.name)
def test_every_file_and_hazard_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    dead = [name for name in PATH.findall(text) if not (ROOT / name).exists()]
    dead += [name for name in LINK.findall(text) if not (FOLDER / name).exists()]
    known = {one["id"] for one in hazards()}
    dead += sorted(set(re.findall(r"\bHZ\d+\b", text)) - known)
    assert not dead, dead


def test_every_threshold_of_the_second_detector_waits_for_a_signature() -> None:
    pipeline = load(ROOT / "config.yml")["pipeline"]
    [detector] = [one for one in pipeline if one["name"].endswith(".FlagDetector")]
    text = (FOLDER / "sign_off.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| \[[ x]\] \| `(\w+)` \|", text, re.M))
    assert listed == set(detector) - {"name"}


def test_it_says_that_nobody_signed_while_nobody_has() -> None:
    """Whoever is named and signs changes these sentences, and then this test."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "No clinician has signed anything yet" in text
    assert "NOT YET NAMED" in text
    assert "[x]" not in (FOLDER / "sign_off.md").read_text(encoding="utf-8")

"""`rasa test` passes every story of test_stories.yml, and would notice a failure."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools import serving
from tools.environment import ROOT, child_environment

STORIES = ROOT / "tests" / "test_stories.yml"
WRONG_RULE = "A greeting is taken for a farewell"
WRONG_INTENT = "A farewell is understood as a greeting"
WRONG = f"""
version: "3.1"
stories:
  - story: {WRONG_RULE}
    steps:
      - user: hello there
        intent: greet
      - action: utter_goodbye
  - story: {WRONG_INTENT}
    steps:
      - user: goodbye, see you
        intent: greet
      - action: action_greet
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run of `rasa test` over the project's stories and two that must fail."""
    folder = tmp_path_factory.mktemp("stories")
    shutil.copy(STORIES, folder / STORIES.name)
    (folder / "test_wrong.yml").write_text(WRONG)
    command = ["-m", "tools.rasa_command", "test", "core", "--e2e", "--successes"]
    command += ["--no-plot", "--stories", str(folder), "--out", str(folder / "out")]
    command += ["--model", str(serving.newest(ROOT))]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder / "out"


def names(path: Path) -> set[str]:
    """Names of the stories in a report; it ends with where each comes from."""
    data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {one["story"].split(" (")[0] for one in data.get("stories", [])}


def expected() -> set[str]:
    return {
        one["story"] for one in yaml.safe_load(STORIES.read_text("utf-8"))["stories"]
    }


def test_all_stories_pass(results: Path) -> None:
    failed = names(results / "failed_test_stories.yml") - {WRONG_RULE, WRONG_INTENT}
    assert not failed, (results / "failed_test_stories.yml").read_text()
    assert names(results / "successful_test_stories.yml") == expected()


def test_a_story_that_fails_is_noticed(results: Path) -> None:
    failed = names(results / "failed_test_stories.yml")
    assert {WRONG_RULE, WRONG_INTENT} <= failed


def test_there_are_at_least_fifteen_stories() -> None:
    assert len(expected()) >= 15


def test_rasa_test_finds_the_stories_without_arguments() -> None:
    """It looks below `tests` for files whose names begin like this one."""
    assert STORIES.is_file() and STORIES.name.startswith("test_")
    others = [
        path
        for path in (ROOT / "tests").rglob("*.yml")
        if path != STORIES and "\nstories:" in f"\n{path.read_text('utf-8')}"
    ]
    assert not others, "rasa test would take these for stories"

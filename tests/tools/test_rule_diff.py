"""`--since` says what changed in the rules, and for whom the level changes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools import rule_diff, rules
from tools.environment import Problem
from tools.rule_diff import Change, changes, content_of, grids, moved, vignettes
from tools.rule_set import sections
from wrist import library
from wrist.models import RedFlag, When

AUTHOR = (
    *("-c", "user.name=Test", "-c", "user.email=test@example.org"),
    *("-c", "commit.gpgsign=false"),
)
Edit = Callable[[str], str]
Commit = Callable[[Edit], Path]


@pytest.fixture
def commit(tmp_path: Path) -> Commit:
    """Makes a repository whose only revision has an edited triage.yml."""

    def make(edit: Edit) -> Path:
        folder = tmp_path / rule_diff.CONTENT
        shutil.copytree(library.CONTENT, folder)
        triage = folder / "triage.yml"
        triage.write_text(edit(triage.read_text("utf-8")), "utf-8")
        for words in (["init"], ["add", "."], [*AUTHOR, "commit", "-m", "old"]):
            subprocess.run(
                ["git", *words], cwd=tmp_path, check=True, capture_output=True
            )
        triage.write_text("broken: [", "utf-8")  # the work tree must not be read
        return tmp_path

    return make


def replaced(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


def with_flag(content: library.Library, flag: RedFlag) -> library.Library:
    return replace(content, red_flags={**content.red_flags, flag.id: flag})


def flag_changes(old: library.Library, new: library.Library) -> list[Change]:
    return list(changes(sections(old)[0], sections(new)[0]))


def test_nothing_changed_in_the_same_content(
    content: library.Library, commit: Commit
) -> None:
    old = content_of("HEAD", root=commit(lambda text: text))
    (only,) = grids(old, content, vignettes())
    title, _, rows = only
    assert not rows
    assert title.endswith(f"0 of {len(vignettes())}")
    assert len(vignettes()) > len(content.red_flags)


def test_another_level_is_told_with_both_cells_and_who_it_moves(
    content: library.Library, commit: Commit
) -> None:
    head = "- id: rf_heavy_bleeding\n    level: "
    edit = replaced(f"{head}emergency_ambulance", f"{head}same_day")
    old = content_of("HEAD", root=commit(edit))
    found = flag_changes(old, content)
    level = ("level changed", "same day", "emergency ambulance")
    assert Change("rf_heavy_bleeding", *level) in found
    assert {change.item for change in found} == {"rf_heavy_bleeding"}
    rows = moved(old, content, vignettes())
    assert (
        "rf_heavy_bleeding",
        content.finding_label("heavy_bleeding"),
        "same_day: rf_heavy_bleeding",
        "emergency_ambulance: rf_heavy_bleeding",
    ) in rows
    assert "rf_lump" not in {row[0] for row in rows}


def test_each_cell_that_reads_otherwise_is_told(content: library.Library) -> None:
    flag = content.red_flags["rf_stroke"]
    other = flag.copy(
        update={
            "reason": "another reason",
            "points": flag.points[1:],
            "signed_off_by": "Dr Test",
        }
    )
    found = flag_changes(content, with_flag(content, other))
    whole = {change.what for change in found if change.item == "rf_stroke"}
    assert whole == {"when changed", "said changed", "checked changed"}
    said = next(change for change in found if change.what == "said changed")
    assert flag.points[0].say.startswith("{call_emergency}")
    assert said.before.count("\n") == said.now.count("\n") + 1


def test_what_came_and_what_went_is_told_whole(content: library.Library) -> None:
    left = {k: v for k, v in content.red_flags.items() if k != "rf_lump"}
    fewer = replace(content, red_flags=left)
    (added,) = (c for c in flag_changes(fewer, content) if c.item == "rf_lump")
    (gone,) = (c for c in flag_changes(content, fewer) if c.item == "rf_lump")
    assert (added.what, added.before) == ("added", "")
    assert (gone.what, gone.now) == ("removed", "")
    assert added.now == gone.before and "NOT SIGNED OFF" in added.now


def test_a_variant_that_went_does_not_look_like_a_change_of_the_others(
    content: library.Library,
) -> None:
    flag = max(content.red_flags.values(), key=lambda one: len(one.variants))
    assert len(flag.variants) > 1
    fewer = with_flag(content, flag.copy(update={"variants": flag.variants[1:]}))
    found = flag_changes(content, fewer)
    name = f"{flag.id}, variant 1 of {len(flag.variants)}"
    assert [(change.item, change.what) for change in found] == [(name, "removed")]


def test_a_rule_that_is_lost_moves_its_vignette(content: library.Library) -> None:
    flag = content.red_flags["rf_heavy_bleeding"].copy(update={"when": When()})
    rows = moved(content, with_flag(content, flag), vignettes())
    assert "rf_heavy_bleeding" in {row[0] for row in rows}
    (row,) = (row for row in rows if row[0] == "rf_heavy_bleeding")
    assert row[3] == "info_only: no red flag"


def test_content_that_todays_models_refuse_is_said_in_one_line(commit: Commit) -> None:
    edit = replaced("    level: emergency_ambulance\n", "    urgancy: high\n")
    root = commit(edit)
    with pytest.raises(Problem) as raised:
        content_of("HEAD", root=root)
    said = str(raised.value)
    assert said.startswith("HEAD: today's program cannot read its content: ")
    assert "wrist/content/triage.yml:" in said and "urgancy" in said
    assert "\n" not in said and "/tmp" not in said


def test_a_function_that_is_no_more_is_said(commit: Commit) -> None:
    root = commit(replaced("function: is_child", "function: is_small"))
    with pytest.raises(Problem, match="no function is_small"):
        content_of("HEAD", root=root)


@pytest.mark.parametrize("revision", ["no_such_revision", "--help", "HEAD~99"])
def test_a_revision_that_is_not_there_is_said(revision: str, commit: Commit) -> None:
    root = commit(lambda text: text)
    with pytest.raises(Problem, match=f"^{revision}: git knows no such revision"):
        content_of(revision, root=root)


def test_a_revision_without_content_is_said(tmp_path: Path) -> None:
    for words in (["init"], [*AUTHOR, "commit", "--allow-empty", "-m", "empty"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    with pytest.raises(Problem, match=r"there is no wrist/content"):
        content_of("HEAD", root=tmp_path)


def test_the_command_ends_with_one_line_and_1_where_there_is_no_revision(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert rules.main(["--since", "no_such_revision"]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("no_such_revision: ")
    assert printed.err.count("\n") == 1 and not printed.out


@pytest.mark.parametrize("more", [[], ["--markdown"]])
def test_the_command_prints_what_changed(
    more: list[str],
    content: library.Library,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    flag = content.red_flags["rf_heavy_bleeding"].copy(update={"when": When()})
    old = with_flag(content, flag)
    monkeypatch.setattr(rule_diff, "content_of", lambda revision, region: old)
    assert rules.main(["--since", "v1", *more]) == 0
    printed = capsys.readouterr().out
    assert "What changed since v1" in printed
    assert "Red flags: 1 differ" in printed
    assert "when changed" in printed
    assert f"of {len(vignettes())}" in printed
    assert "info_only: no red flag" in printed

"""The README names what exists and tells of what can be set."""

from __future__ import annotations

import re

from tools.environment import ROOT
from wrist import library


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def rows(section: str) -> list[str]:
    """First cells, in code marks, of the table under a heading of the README."""
    _, _, rest = readme().partition(f"## {section}\n")
    body = rest.split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", body, re.M)


def test_the_readme_lists_exactly_the_commands_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert phony
    listed = {row.removeprefix("make ") for row in rows("Commands")}
    assert listed == set(phony[1].split())
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    assert listed <= targets


def test_the_files_that_the_readme_names_exist() -> None:
    text = readme()
    _, _, rest = text.partition("## To change X, edit Y\n")
    table = rest.split("\n## ")[0]
    named = re.findall(r"`([\w./-]+(?:/|\.\w+))`", table)
    assert len(named) > 10
    for name in named:
        assert (ROOT / name).exists(), name
    for name in re.findall(r"\]\(([\w./-]+\.(?:md|png|svg))\)", text):
        assert (ROOT / name).exists(), name


def test_the_readme_tells_of_every_variable_that_can_be_set() -> None:
    listed = set(rows("Configuration"))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settable = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.M))
    assert settable <= listed, settable - listed
    assert library.REGION_VARIABLE in listed


def test_every_folder_of_content_is_in_the_table_of_what_to_edit() -> None:
    _, _, rest = readme().partition("## To change X, edit Y\n")
    table = rest.split("\n## ")[0]
    for path in (ROOT / "wrist" / "content").iterdir():
        name = f"wrist/content/{path.name}{'/' if path.is_dir() else ''}"
        assert name in table, f"{name} is in no row"

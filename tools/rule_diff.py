"""What changed in the rule set since a git revision, and for whom the level changes.

git archive REV wrist/content -> a temporary folder -> Library, compared with today's
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import yaml

from tools.environment import ROOT, Problem
from tools.rule_set import Grid, Row, Section, Wording, sections
from wrist import library, rules, triage
from wrist.case import Case
from wrist.library import Library
from wrist.models import Assertion

VIGNETTES = ROOT / "tests" / "wrist" / "rule_cases.yml"
CONTENT = "wrist/content"
CELLS = ("level", "when", "said", "checked")
HEAD = ("item", "what", "before", "now")


class Change(NamedTuple):
    """One item that came or went, or one cell of an item that reads otherwise."""

    item: str
    what: str
    before: str
    now: str


class Vignette(NamedTuple):
    """Somebody with these findings and no others."""

    name: str
    findings: tuple[str, ...]

    def result(self, content: Library) -> str:
        """The level and the red flags that this content gives them."""
        present = dict.fromkeys(self.findings, Assertion.PRESENT)
        case = triage.assess(Case(findings=present), content)
        return f"{case.disposition.value}: {', '.join(case.red_flags) or 'no red flag'}"


def content_of(revision: str, region: str | None = None, root: Path = ROOT) -> Library:
    """The content as it was; raises Problem where it cannot be had or understood."""
    with TemporaryDirectory() as folder:
        _unpack(revision, Path(folder), root)
        try:
            content = library.load(Path(folder) / CONTENT, region)
        except library.ContentError as error:
            raise _unreadable(revision, str(error).replace(f"{folder}/", "")) from None
    if unknown := _functions(content) - set(rules.PREDICATES):
        names = ", ".join(sorted(unknown))
        raise _unreadable(revision, f"no function {names} in wrist/rules.py")
    return content


def _unreadable(revision: str, why: str) -> Problem:
    reason = " ".join(why.split())
    return Problem(f"{revision}: today's program cannot read its content: {reason}")


def _functions(content: Library) -> set[str]:
    flags = content.red_flags.values()
    whens = [flag.when for flag in flags]
    whens += [variant.when for flag in flags for variant in flag.variants]
    whens += [item.when for item in content.contraindications.values()]
    return {when.function for when in whens if when.function}


def _unpack(revision: str, folder: Path, root: Path) -> None:
    wanted = f"{revision}^{{commit}}"
    found = _git(root, "rev-parse", "--verify", "--end-of-options", wanted)
    if found.returncode:
        raise Problem(f"{revision}: git knows no such revision here")
    archive = _git(root, "archive", found.stdout.decode().strip(), CONTENT)
    if archive.returncode:
        raise Problem(f"{revision}: there is no {CONTENT} in this revision")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder)


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *words], cwd=root, capture_output=True)
    except FileNotFoundError:
        raise Problem("--since needs git, and there is none here") from None


def changes(old: Section, new: Section) -> Iterator[Change]:
    """What differs in one section, in its order now, then what is gone."""
    before, now = _by_item(old), _by_item(new)
    for item, rows in now.items():
        yield from _between(before.get(item, []), rows)
    for item, rows in before.items():
        if item not in now:
            yield from _between(rows, [])


def _by_item(section: Section) -> dict[str, list[Row]]:
    """Each item with its variants behind it."""
    found: dict[str, list[Row]] = {}
    for row in section.rows:
        found.setdefault(row.item.partition(",")[0], []).append(row)
    return found


def _between(old: list[Row], new: list[Row]) -> Iterator[Change]:
    """An item beside itself; of its variants those that read the same are no news."""
    yield from _paired(old[:1], new[:1])
    before, now = old[1:], new[1:]
    texts, texts_now = ([row.cells[1:] for row in rows] for rows in (before, now))
    for _, a, b, c, d in SequenceMatcher(None, texts, texts_now).get_opcodes():
        yield from _paired(before[a:b], now[c:d])


def _paired(old: list[Row], new: list[Row]) -> Iterator[Change]:
    for before, now in zip_longest(old, new):
        if before is None:
            yield Change(now.item, "added", "", _whole(now))
        elif now is None:
            yield Change(before.item, "removed", _whole(before), "")
        else:
            cells = zip(CELLS, before.cells[1:], now.cells[1:], strict=True)
            for what, one, other in cells:
                if one != other:
                    yield Change(now.item, f"{what} changed", one, other)


def _whole(row: Row) -> str:
    return "\n".join(row.cells[1:])


def vignettes(path: Path = VIGNETTES) -> list[Vignette]:
    """The cases of the rules: their findings are given, so no language is read."""
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Vignette(flag, tuple(case["findings"]))
        for flag, cases in table.items()
        for case in cases
    ]


def moved(old: Library, new: Library, among: list[Vignette]) -> list[tuple[str, ...]]:
    """The vignettes that end at another level or with other red flags."""
    words = Wording(new)
    results = [(one, one.result(old), one.result(new)) for one in among]
    return [
        (one.name, words.row_of_terms(tuple((f,) for f in one.findings)), before, now)
        for one, before, now in results
        if before != now
    ]


def grids(old: Library, new: Library, among: list[Vignette]) -> list[Grid]:
    """What is printed: each section that differs, then the vignettes that moved."""
    printed: list[Grid] = []
    for one, other in zip(sections(old), sections(new), strict=True):
        found = list(changes(one, other))
        if found:
            items = len({change.item for change in found})
            printed.append((f"{other.title}: {items} differ", HEAD, [*found]))
    title = "Vignettes that end at another level or with other red flags: "
    rows = moved(old, new, among)
    head = ("vignette of", "findings", "before", "now")
    return [*printed, (f"{title}{len(rows)} of {len(among)}", head, rows)]

"""Tables of what `safety.evaluate` found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from tools.evaluate.safety import SETS

LISTS = (
    ("missed", "Missed"),
    ("asked_only", "Asked about, not raised at once"),
    ("false_alarms", "False alarms"),
    ("needless_questions", "Needless questions"),
)
TUNING = "flags_tuning"


def tables(found: dict[str, Any]) -> Iterator[Table]:
    """By level, by kind of wording, and triage, for each half that was measured."""
    for name in SETS:
        part = found.get(f"flags_{name}")
        if part:
            yield _table(f"Red flags, {name}: caught", part["recall"])
            yield _table(f"Red flags, {name}: by wording", part["recall_by_kind"])
            yield _table(f"Quiet sentences, {name}", {"all": part["quiet"]})
            yield _table(f"Quiet, {name}: by kind", part["quiet_by_kind"])
            yield _table(f"Triage, {name}", {"all": part["triage"]})


def _table(title: str, groups: dict[str, dict[str, dict[str, Any]]]) -> Table:
    measures = list(next(iter(groups.values()), {}))
    columns = [one.replace("_", " ") for one in measures]
    table = Table("", *columns, title=title, title_justify="left")
    for name, row in groups.items():
        table.add_row(name.replace("_", " "), *(_cell(row[one]) for one in measures))
    return table


def _cell(one: dict[str, Any]) -> str:
    low, high = 100 * one["low"], 100 * one["high"]
    share = 100 * one["share"]
    return f"{one['count']}/{one['of']} {share:.1f} % [{low:.1f} to {high:.1f}]"


def show_misses(console: Console, found: dict[str, Any]) -> None:
    """Every sentence of the tuning half that went wrong; of the other only how many,
    so that nobody tunes by it.
    """
    for name in SETS:
        part = found.get(f"flags_{name}", {})
        for key, title in LISTS:
            rows = part.get(key, [])
            if part:
                console.print(f"\n[bold]{title}, {name}: {len(rows) or 'none'}[/bold]")
            if f"flags_{name}" == TUNING:
                for one in rows:
                    line = f"  {one['flag']} {one['kind']}: {one['text']!r} -> "
                    line += f"{', '.join(one['raised']) or '-'}; asks {one['asked']}"
                    console.print(line, markup=False)

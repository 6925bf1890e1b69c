"""Tables, JSON and plots under results/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from rich.console import Console
from rich.table import Table

from tools.evaluate.targets import END_TO_END, Target

matplotlib.use("Agg")
from matplotlib import pyplot as plt

MOST_LISTED = 15


def figures(found: dict[str, Any]) -> Table:
    """The figures that matter, one a line."""
    table = Table("What", "Figure", "Of", title="Evaluation", title_justify="left")
    for part, name, key, count in LINES:
        if part in found:
            total = str(found[part].get(count, "")) if count else ""
            table.add_row(name, _shown(found[part][key]), total)
    return table


def by_intent(found: dict[str, Any]) -> Table:
    """F1 of each intent, the worst first."""
    table = Table("Intent", "Precision", "Recall", "F1", "Sentences", title="By intent")
    rows = found["by_intent"].items()
    for name, row in sorted(rows, key=lambda pair: pair[1]["f1"]):
        shown = [_percent(row[key]) for key in ("precision", "recall", "f1")]
        table.add_row(name, *shown, str(row["sentences"]))
    return table


def judged(targets: list[Target]) -> Table:
    """Each target with what was found."""
    table = Table("Target", "Found", "", title="Targets", title_justify="left")
    for target in targets:
        mark = "[green]PASS[/green]" if target.met else "[red]FAIL[/red]"
        table.add_row(target.name, target.found, mark)
    return table


def show_offenders(console: Console, found: dict[str, Any]) -> None:
    """Wrong answers on dangerous rows, and what is too hard to read, one by one."""
    for key, title in (
        ("unsafe_wrong", "Wrong answers on UNSAFE rows"),
        ("unsafe_other", "UNSAFE rows with neither answer nor wrong answer"),
    ):
        rows = [one for part in END_TO_END if part in found for one in found[part][key]]
        _list(console, title, [_unsafe_line(one) for one in rows], 1000)
    for part in ("content_sentences", "replies"):
        if part in found:
            hard = [f"{x['grade']}: {x['text']!r}" for x in found[part]["too_hard"]]
            _list(console, f"Above grade 8 in {part}", hard, MOST_LISTED)
    if "replies" in found:
        long = [f"{x['words']}: {x['text']!r}" for x in found["replies"]["too_long"]]
        _list(console, "Above 60 words", long, MOST_LISTED)


def _unsafe_line(one: dict[str, Any]) -> str:
    said = ", ".join(one["said"])
    return f"{one['question']} {one['text']!r} -> {one['verdict']}: {said}"


def _list(console: Console, title: str, lines: list[str], most: int) -> None:
    console.print(f"\n[bold]{title}: {len(lines) or 'none'}[/bold]")
    for line in lines[:most]:
        console.print(f"  {line}", markup=False)
    if len(lines) > most:
        console.print(f"  ... and {len(lines) - most} more in the JSON")


def save(found: dict[str, Any], targets: list[Target], folder: Path) -> list[Path]:
    """Write everything; the paths written."""
    folder.mkdir(exist_ok=True)
    judgement = [target.__dict__ for target in targets]
    paths = [folder / "evaluate.json"]
    text = json.dumps({**found, "targets": judgement}, indent=2, ensure_ascii=False)
    paths[0].write_text(text + "\n", encoding="utf-8")
    if "intents" in found:
        paths.append(folder / "evaluate_confusion.png")
        draw_confusion(found["intents"]["confusion"], paths[-1])
    if "replies" in found:
        paths.append(folder / "evaluate_reading.png")
        draw_reading(found, paths[-1])
    return paths


def draw_confusion(confusion: dict[str, Any], path: Path) -> None:
    """What was meant against what was understood."""
    counts = np.array(confusion["counts"], dtype=float)
    figure, axes = plt.subplots(figsize=(15, 14))
    axes.imshow(np.where(counts > 0, counts, np.nan), cmap="Blues", vmin=0)
    axes.set_xticks(range(len(confusion["columns"])), confusion["columns"], rotation=90)
    axes.set_yticks(range(len(confusion["rows"])), confusion["rows"])
    axes.set_xlabel("understood")
    axes.set_ylabel("meant")
    axes.tick_params(labelsize=8)
    for row, column in zip(*np.nonzero(counts), strict=True):
        number = counts[row, column]
        colour = "white" if number > counts.max() / 2 else "black"
        axes.text(
            column,
            row,
            int(number),
            ha="center",
            va="center",
            color=colour,
            size=7,
        )
    _finish(figure, path)


def draw_reading(found: dict[str, Any], path: Path) -> None:
    """How many texts stand at each grade."""
    figure, axes = plt.subplots(figsize=(9, 5))
    parts = [part for part in ("content_sentences", "replies") if part in found]
    bins = np.arange(-4, 15, 0.5)
    for part in parts:
        grades = found[part]["grades"]
        axes.hist(grades, bins, alpha=0.6, label=part.replace("_", " "))
    axes.axvline(8, color="red", linestyle="--", label="most allowed")
    axes.set_xlabel("Flesch-Kincaid grade")
    axes.set_ylabel("texts")
    axes.legend()
    _finish(figure, path)


def _finish(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value))
    return str(value) if isinstance(value, int | str) else f"{100 * value:.1f} %"


# Part, name, key of the figure, key of the count it is taken from.
LINES = (
    ("intents", "Intents: accuracy", "accuracy", "sentences"),
    ("intents", "  first of the ranking", "accuracy_before_fallback", "sentences"),
    ("intents", "  macro F1", "macro_f1", "sentences"),
    ("intents", "  weighted F1", "weighted_f1", "sentences"),
    *(
        (f"{part}_{kind}", f"{name}{title}", key, count)
        for part, name in (("questions", "Questions"), ("questions_later", "Later set"))
        for kind, title, key, count in (
            ("language", ", language part: right", "right", "phrasings"),
            ("language", ": understood wrongly", "understood_wrongly", "phrasings"),
            ("language", ": not understood", "not_understood", "phrasings"),
            ("end_to_end", ", end to end: right", "right", "phrasings"),
            ("end_to_end", ": care card first", "care_card_first", "phrasings"),
            ("end_to_end", ": flag question", "flag_question_first", "phrasings"),
            ("end_to_end", ": warning instead", "warning_instead", "phrasings"),
            ("end_to_end", ": not answered", "not_answered", "phrasings"),
            ("end_to_end", ": wrong", "wrong", "phrasings"),
            ("end_to_end", ": wrong on UNSAFE rows", "unsafe_wrong", ""),
        )
    ),
    ("out_of_scope", "Out of scope: taken for ours", "taken_for_ours", "sentences"),
    ("out_of_scope", "  or small talk", "taken_for_ours_or_small_talk", "sentences"),
    ("out_of_scope_replies", "  taken, end to end", "taken_for_ours", "sentences"),
    (
        "out_of_scope_replies",
        "  or small talk, end to end",
        "taken_for_ours_or_small_talk",
        "sentences",
    ),
    ("patient_sentences", "Patients' sentences: right", "right", "sentences"),
    (
        "patient_messages",
        "Patients' dangerous messages caught at once",
        "dangerous_caught_at_once",
        "dangerous",
    ),
)

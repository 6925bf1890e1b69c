"""Tables, JSON and plots of the bench under results/."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
from rich.table import Table

from tools.evaluate.targets import Target

matplotlib.use("Agg")
from matplotlib import pyplot as plt

NAMES = ("ours", "stock", "floor")
Figures = dict[str, Any]


def side_by_side(found: Figures) -> Table:
    """Every figure of the three systems, with how many times stock's is ours."""
    table = Table(
        "What", *NAMES, "stock / ours", title="Side by side", title_justify="left"
    )
    for name, part, path, unit in _lines():
        values = {one: _value(found, part, one, path) for one in NAMES}
        if all(value is None for value in values.values()):
            continue
        ours, stock = values["ours"], values["stock"]
        ratio = f"{stock / ours:.2f}" if ours and stock else ""
        table.add_row(name, *(_shown(values[one], unit) for one in NAMES), ratio)
    return table


def _lines() -> list[tuple[str, str, tuple[str, ...], str]]:
    """Name, part, where in it, unit."""
    return [
        ("held-out intents right", "accuracy", ("intents",), "%"),
        ("held-out questions right", "accuracy", ("questions",), "%"),
        ("an empty request, p50", "speed", ("empty", "p50"), "ms"),
        ("understanding, p50", "speed", ("parse", "p50"), "ms"),
        ("understanding, p95", "speed", ("parse", "p95"), "ms"),
        ("whole reply, p50", "speed", ("reply", "p50"), "ms"),
        ("whole reply, p95", "speed", ("reply", "p95"), "ms"),
        ("messages a second, 1 sender", "throughput", ("1",), ""),
        ("messages a second, 8 senders", "throughput", ("8",), ""),
        ("messages a second, 32 senders", "throughput", ("32",), ""),
        ("memory, PSS", "starting", ("pss",), "MB"),
        ("memory, RSS", "starting", ("rss",), "MB"),
        ("processes", "starting", ("processes",), ""),
        ("time to the first answer", "starting", ("seconds",), "s"),
        ("time to train", "training", ("seconds",), "s"),
        ("an added example", "added_example", ("seconds",), "s"),
    ]


def _value(found: Figures, part: str, name: str, path: tuple[str, ...]) -> float | None:
    value = found.get(part, {}).get(name)
    for key in path:
        if value is None:
            return None
        value = value.get(key)
    return value


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if unit == "%":
        return f"{100 * value:.1f} %"
    digits = 0 if value >= 100 else 1
    return f"{value:.{digits}f} {unit}".strip()


def curve_table(title: str, curves: dict[str, dict[str, float]]) -> Table:
    """Milliseconds at each point."""
    points = list(next(iter(curves.values())))
    table = Table(title, *points, "last / first", title_justify="left")
    for name, curve in curves.items():
        shown = [f"{curve[point]:.2f} ms" for point in points]
        table.add_row(name, *shown, f"{curve[points[-1]] / curve[points[0]]:.2f}")
    return table


def curves_of(found: Figures) -> dict[str, dict[str, dict[str, float]]]:
    """The curves that were measured, by what they run over."""
    curves = {}
    if intents := found.get("over_intents"):
        kinds = {"understanding": intents["parse"], "whole reply": intents["reply"]}
        curves["intents"] = kinds
    if turns := found.get("over_turns"):
        curves["turns"] = {"whole reply": turns}
    return curves


def save(found: Figures, targets: list[Target], folder: Path) -> list[Path]:
    """Write everything; the paths written."""
    folder.mkdir(exist_ok=True)
    judgement = [target.__dict__ for target in targets]
    paths = [folder / "bench.json"]
    paths[0].write_text(json.dumps({**found, "targets": judgement}, indent=2) + "\n")
    plots: list[tuple[str, bool, Callable[[Figures, Path], None]]] = [
        ("bench_systems.png", "speed" in found, draw_systems),
        ("bench_curves.png", bool(curves_of(found)), draw_curves),
    ]
    for name, is_measured, draw in plots:
        if is_measured:
            paths.append(folder / name)
            draw(found, paths[-1])
    return paths


def draw_systems(found: Figures, path: Path) -> None:
    """Bars for each figure that the three systems share."""
    lines = [
        (name, [_value(found, part, one, keys) for one in NAMES], unit)
        for name, part, keys, unit in _lines()
        if part != "accuracy"
    ]
    measured = [line for line in lines if any(value for value in line[1])]
    columns = 4
    height = -(-len(measured) // columns)
    figure, grid = plt.subplots(height, columns, figsize=(14, 2.6 * height))
    for axes in grid.flat:
        axes.set_visible(False)
    for axes, (name, values, unit) in zip(grid.flat, measured, strict=False):
        axes.set_visible(True)
        axes.bar(NAMES, [value or 0 for value in values], color=COLOURS)
        axes.set_title(f"{name} ({unit})" if unit else name, size=9)
    _finish(figure, path)


def draw_curves(found: Figures, path: Path) -> None:
    """Milliseconds over intents and over turns."""
    curves = curves_of(found)
    figure, grid = plt.subplots(1, len(curves), figsize=(6 * len(curves), 4))
    panels = grid.flat if len(curves) > 1 else [grid]
    for axes, (over, kinds) in zip(panels, curves.items(), strict=True):
        for name, curve in kinds.items():
            points = [int(point) for point in curve]
            axes.plot(points, list(curve.values()), marker="o", label=name)
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel(over)
        axes.set_ylabel("ms")
        axes.legend()
    _finish(figure, path)


def _finish(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


COLOURS = ("#1f77b4", "#d62728", "#7f7f7f")

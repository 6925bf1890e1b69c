"""`python -m tools.bench`: everything, or the parts that are named.

Stock Rasa takes an hour or two to train on our data: its model is kept in var/bench
and used again while the data is the same.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import Any

from tools.bench import curves, measures, report, systems, targets, understanding
from tools.environment import RESULTS, Problem, console
from tools.evaluate.report import judged

PARTS = (
    *("training", "example", "accuracy", "speed", "throughput"),
    *("starting", "intents", "turns", "understanding"),
)
RUNNING = {"accuracy", "speed", "throughput", "turns"}


def main() -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    arguments = _arguments()
    try:
        found = measure(arguments)
    except Problem as problem:
        console.print(f"[red]{problem}[/red]", soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    return show(found, arguments.results)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures of the parts that were asked for."""
    parts = set(arguments.parts or PARTS)
    rounds, count = (3, 40) if arguments.quick else (5, 200)
    every = systems.build()
    chosen = {name: every[name] for name in arguments.systems}
    found: dict[str, Any] = {"rounds": rounds, "messages": count}
    if "training" in parts:
        found["training"] = measures.training(chosen, rounds, arguments.retrain)
    elif parts - {"intents", "understanding"}:
        measures.make_models(chosen)
    if parts & RUNNING:
        found |= _while_running(chosen, parts, rounds, count)
    if "starting" in parts:
        found["starting"] = measures.starting(chosen, rounds)
    if "example" in parts:
        found["added_example"] = measures.added_example(chosen, rounds)
    if "understanding" in parts:
        found["understanding"] = understanding.cost(rounds, count)
    if "intents" in parts:
        found["over_intents"] = curves.over_intents(rounds, count)
    return found


def _while_running(
    chosen: measures.Systems, parts: set[str], rounds: int, count: int
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with measures.all_running(chosen) as running:
        if "accuracy" in parts:
            found["accuracy"] = measures.accuracy(running)
        if "speed" in parts:
            found["speed"] = measures.speed(running, rounds, count)
        if "throughput" in parts:
            found["throughput"] = measures.throughput(running, rounds, count)
        if "turns" in parts and "ours" in running:
            found["over_turns"] = curves.over_turns(running["ours"], rounds)
    return found


def show(found: dict[str, Any], folder: Path) -> int:
    """Print and save everything; 1 when a target is missed."""
    console.print(report.side_by_side(found))
    for over, kinds in report.curves_of(found).items():
        console.print(report.curve_table(f"By {over}", kinds))
    goals = targets.judge(found)
    console.print(judged(goals))
    for path in report.save(found, goals, folder):
        console.print(f"Wrote {path}")
    missed = [goal.name for goal in goals if not goal.met]
    if missed:
        console.print(f"[red]Missed: {'; '.join(missed)}.[/red]")
    return 1 if missed else 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--systems", nargs="+", default=report.NAMES)
    parser.add_argument(
        "--quick", action="store_true", help="fewer messages and rounds"
    )
    parser.add_argument("--retrain", action="store_true", help="stock as well")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    for given, known in ((arguments.parts, PARTS), (arguments.systems, report.NAMES)):
        if unknown := set(given) - set(known):
            parser.error(f"{', '.join(unknown)}: not one of {', '.join(known)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())

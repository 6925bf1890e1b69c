"""`python -m tools.evaluate`: all figures, or the parts that are named."""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path
from typing import Any

from tools import serving
from tools.environment import RESULTS, ROOT, Problem, console
from tools.evaluate import (
    heldout,
    language,
    reading,
    replies,
    report,
    safety,
    safety_report,
    sayings,
    targets,
)
from wrist import library

PARTS = ("safety", "language", "replies", "reading")


def main() -> int:
    arguments = _arguments()
    parts = set(arguments.parts or PARTS)
    data = heldout.outside_data()
    if data is None:
        console.print(
            f"{heldout.DATA_VARIABLE} names no folder: the out-of-scope sample and the "
            "patients' sentences and messages are left out."
        )
    try:
        found = measure(parts, arguments.model or serving.newest(ROOT), data)
    except Problem as problem:
        console.print(f"[red]{problem}[/red]")
        return 1
    goals = targets.judge(found)
    show(found, goals)
    for path in report.save(found, goals, arguments.results):
        console.print(f"Wrote {path}")
    missed = [goal.name for goal in goals if not goal.met]
    if missed:
        console.print(f"[red]Missed: {'; '.join(missed)}.[/red]")
    return 1 if missed else 0


def measure(parts: set[str], model: Path, data: Path | None) -> dict[str, Any]:
    """The figures of each part."""
    found: dict[str, Any] = {"model": model.name}
    turns: list[replies.Message] = []
    if parts & {"safety", "language"}:
        with console.status("Loading the model"):
            parse = language.load(model)
    if "safety" in parts:
        for name in safety.SETS:
            found[f"flags_{name}"] = safety.evaluate(parse, safety.sentences(name))
    if "language" in parts:
        found |= measure_language(parse, data)
    if "replies" in parts:
        ours, turns = measure_replies(model, data)
        found |= ours
    if "reading" in parts:
        made = sayings.every_turn(library.default())
        found["content_sentences"] = reading.evaluate_sentences()
        found["replies"] = reading.evaluate_replies([*made, *turns])
    return found


def measure_language(parse: language.Parse, data: Path | None) -> dict[str, Any]:
    """What the language part understands, with the model in this process."""
    found: dict[str, Any] = {
        "intents": language.evaluate_intents(parse, heldout.intents())
    }
    for name in heldout.QUESTION_SETS:
        phrasings = heldout.questions(name)
        found[f"{name}_language"] = language.evaluate_questions(parse, phrasings)
    if data:
        found["out_of_scope"] = language.evaluate_out_of_scope(parse, data)
        found["patient_sentences"] = language.evaluate_sentences(parse, data)
    return found


def measure_replies(
    model: Path, data: Path | None
) -> tuple[dict[str, Any], list[list[replies.Message]]]:
    """What is answered over REST, and every turn that was."""
    turns: list[list[replies.Message]] = []
    numbers = itertools.count()
    console.print("Starting the servers")
    with serving.start(model=model) as server:

        def say(text: str) -> list[replies.Message]:
            turns.append(server.say(f"evaluate-{next(numbers)}", text))
            return turns[-1]

        def ask(text: str) -> dict[str, Any]:
            sender = f"evaluate-{next(numbers)}"
            turns.append(server.say(sender, text))
            return server.slots(sender)

        found = {
            f"{name}_end_to_end": replies.evaluate_questions(
                say, heldout.questions(name)
            )
            for name in heldout.QUESTION_SETS
        }
        if data:
            found["out_of_scope_replies"] = replies.evaluate_out_of_scope(say, data)
            found["patient_messages"] = replies.evaluate_messages(ask, data)
    return found, turns


def show(found: dict[str, Any], goals: list[targets.Target]) -> None:
    """Everything on the terminal."""
    if "intents" in found:
        console.print(report.by_intent(found["intents"]))
    console.print(report.figures(found))
    for table in safety_report.tables(found):
        console.print(table)
    safety_report.show_misses(console, found)
    for part in ("content_sentences", "replies"):
        if part in found:
            one = found[part]
            console.print(
                f"Reading level of {part.replace('_', ' ')}: "
                f"median {one['median']:.1f}, "
                f"maximum {one['maximum']:.1f}, {one['texts']} texts, "
                f"{len(one['too_hard'])} above {reading.MOST_GRADE:.0f}"
            )
    report.show_offenders(console, found)
    console.print(report.judged(goals))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.evaluate", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--model", type=Path, help="default: the one trained last")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"{', '.join(unknown)}: not one of {', '.join(PARTS)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())

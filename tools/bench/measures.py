"""What is measured, each part by itself; the systems take turns in every round."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any

from rich.progress import Progress

from tools.bench import projects
from tools.bench.client import (
    Caller,
    Latency,
    messages_a_second,
    time_each,
    time_replies,
)
from tools.bench.systems import System, memory, seconds_to_first_answer
from tools.environment import Problem, console
from tools.evaluate import heldout
from tools.serving import Server

Systems = dict[str, System]
Figures = dict[str, Any]
SENDERS = (1, 8, 32)
ADDED = ("report_pain", "since painting the fence on sunday my wrist feels sore")


@contextmanager
def all_running(systems: Systems) -> Iterator[dict[str, Server]]:
    """All servers at once; those that wait use no processor."""
    with ExitStack() as stack:
        running = {}
        for name, system in systems.items():
            console.log(f"Starting {name}")
            running[name] = stack.enter_context(system.serve())
        yield running


def training(systems: Systems, rounds: int, retrain: bool) -> Figures:
    """Seconds from nothing to a model; stock is trained once for the same data."""
    found: dict[str, list[float]] = {name: [] for name in systems}
    for number, (name, system) in itertools.product(range(rounds), systems.items()):
        if name == "stock" and (number or (system.fits() and not retrain)):
            continue
        console.log(f"Training {name}, round {number + 1} of {rounds}")
        found[name].append(system.train())
        system.record(found[name])
        console.log(f"Trained {name} in {found[name][-1]:.0f} s")
    if "stock" in systems and not found["stock"]:
        recorded = systems["stock"].recorded()
        found["stock"] = recorded["seconds"]
        console.log(f"Stock fits the data; trained {recorded['trained']}")
    return {
        name: {"seconds": median(values), "runs": values}
        for name, values in found.items()
    }


def make_models(systems: Systems) -> None:
    """Train what has no model that fits, so that any part can be measured alone."""
    for name, system in systems.items():
        if not system.fits():
            patience = ", which takes an hour or two" if name == "stock" else ""
            console.log(f"Training {name}{patience}")
            system.record([system.train()])


def added_example(systems: Systems, rounds: int) -> Figures:
    """Seconds to train one more example into a trained project."""
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        for name in ("ours", "floor"):
            if name not in systems:
                continue
            system = systems[name]
            projects.add_example(system.folder, ADDED[0], f"{ADDED[1]} {number}")
            console.log(f"An added example in {name}, round {number + 1} of {rounds}")
            found.setdefault(name, []).append(system.train(from_nothing=False))
    for system in systems.values():
        (system.folder / "data" / "nlu" / "added.yml").unlink(missing_ok=True)
    return {
        name: {"seconds": median(values), "runs": values}
        for name, values in found.items()
    }


def speed(running: dict[str, Server], rounds: int, count: int) -> Figures:
    """Milliseconds to parse a message and to answer it, over REST, and of the way.

    The way (`empty`) is a request that needs no thought: it is in the other two.
    """
    texts = _texts(count)
    found: dict[str, dict[str, list[Latency]]] = {
        name: {"empty": [], "parse": [], "reply": []} for name in running
    }
    with Progress(console=console) as progress:
        task = progress.add_task("Speed", total=(rounds + 1) * len(running))
        for number, (name, server) in _turns(running, rounds + 1):
            caller = Caller(server.url, server.token)
            empty = Latency.of(time_each(caller.ask_version, texts))
            parse = Latency.of(time_each(caller.parse, texts))
            reply = Latency.of(time_replies(caller, texts))
            caller.close()
            if caller.faults and name == "ours":  # quick, and worth nothing
                raise Problem(f"{caller.faults} replies only said that they failed.")
            if number:  # the first round only warms up
                found[name]["empty"].append(empty)
                found[name]["parse"].append(parse)
                found[name]["reply"].append(reply)
            progress.advance(task)
    return {
        name: {kind: _summary(values) for kind, values in kinds.items()}
        for name, kinds in found.items()
    }


def throughput(running: dict[str, Server], rounds: int, count: int) -> Figures:
    """Messages a second with several senders at once."""
    texts = _texts(count)
    found: dict[str, dict[int, list[float]]] = {
        name: {senders: [] for senders in SENDERS} for name in running
    }
    with Progress(console=console) as progress:
        task = progress.add_task("Senders", total=rounds * len(running) * len(SENDERS))
        for _, (name, server) in _turns(running, rounds):
            for senders in SENDERS:
                rate = messages_a_second(server.url, server.token, texts, senders)
                found[name][senders].append(rate)
                progress.advance(task)
    return {
        name: {str(senders): median(rates) for senders, rates in by_senders.items()}
        for name, by_senders in found.items()
    }


def accuracy(running: dict[str, Server]) -> Figures:
    """The share of held-out sentences that is understood; the floor is left out."""
    covering = heldout.topics()
    found = {}
    for name in ("ours", "stock"):
        if name not in running:
            continue
        caller = Caller(running[name].url, running[name].token)
        console.log(f"Held-out sets, {name}")
        intents = [
            heldout.label(caller.parse(text)) == intent
            for text, intent in heldout.intents()
        ]
        questions = [
            heldout.label(caller.parse(one.text))
            in heldout.accepted_labels(one.accepted, covering)
            for one in heldout.questions()
        ]
        caller.close()
        found[name] = {
            "intents": sum(intents) / len(intents),
            "questions": sum(questions) / len(questions),
        }
    return found


def starting(systems: Systems, rounds: int) -> Figures:
    """Seconds to the first answer and megabytes after 50, each system alone."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in systems}
    for number, (name, system) in _turns(systems, rounds):
        console.log(f"Starting {name} alone, round {number + 1} of {rounds}")
        with system.start_as_users_do() as (pid, url, token):
            seconds = seconds_to_first_answer(url, token, "hello", pid)
            caller = Caller(url, token)
            time_replies(caller, _texts(50))
            caller.close()
            found[name].append({"seconds": seconds, **memory(pid)})
    return {
        name: {key: median(run[key] for run in runs) for key in runs[0]}
        for name, runs in found.items()
    }


def _turns(systems: dict[str, Any], rounds: int) -> Iterator[tuple[int, Any]]:
    return itertools.product(range(rounds), systems.items())


def _texts(count: int) -> list[str]:
    messages = [text for text, _ in projects.sample_messages()]
    return list(itertools.islice(itertools.cycle(messages), count))


def _summary(rounds: list[Latency]) -> dict[str, Any]:
    return {
        "p50": median(one.p50 for one in rounds),
        "p95": median(one.p95 for one in rounds),
        "rounds": [{"p50": one.p50, "p95": one.p95} for one in rounds],
        "messages": rounds[0].count,
    }

"""How our pipeline grows: with the number of intents, and along a conversation."""

from __future__ import annotations

import itertools
import random
import uuid
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.progress import Progress

from tools import generate_intents
from tools.bench import projects
from tools.bench.client import Caller, time_each, time_replies
from tools.bench.measures import all_running
from tools.bench.systems import System
from tools.environment import console
from tools.serving import Server

INTENTS = (10, 50, 150, 300)
TURNS = (10, 100, 1000)
WINDOW = 10  # turns that are measured from each of TURNS on


def over_intents(
    rounds: int,
    count: int,
    sizes: Sequence[int] = INTENTS,
    folder: Path = projects.FOLDER,
) -> dict[str, Any]:
    """Milliseconds to understand and to answer, by number of intents."""
    seed = generate_intents.SEED
    console.print(f"Generated intents, seed {seed}")
    systems = {}
    for size in sizes:
        target = folder / f"intents-{size}"
        project = projects.make_generated(target, size, seed)
        system = System.of(f"{size} intents", project)
        console.log(f"Training {system.name}")
        system.train(from_nothing=False)
        systems[str(size)] = system
    parse: dict[str, list[float]] = {name: [] for name in systems}
    reply: dict[str, list[float]] = {name: [] for name in systems}
    with all_running(systems) as running, Progress(console=console) as progress:
        task = progress.add_task("Intents", total=(rounds + 1) * len(running))
        for number, name in itertools.product(range(rounds + 1), running):
            texts = generated_messages(int(name), seed, count)
            caller = Caller(running[name].url, running[name].token)
            times = time_each(caller.parse, texts), time_replies(caller, texts)
            caller.close()
            if number:
                parse[name].append(1000 * median(times[0]))
                reply[name].append(1000 * median(times[1]))
            progress.advance(task)
    return {"seed": seed, "parse": _medians(parse), "reply": _medians(reply)}


def generated_messages(size: int, seed: int, count: int) -> list[str]:
    """Examples of the generated intents, from all of them alike."""
    intents = generate_intents.generate(size, seed=seed)
    every = [text for texts in intents.values() for text in texts]
    return random.Random(seed).choices(every, k=count)


def over_turns(server: Server, rounds: int) -> dict[str, Any]:
    """Milliseconds of a reply after so many turns of one conversation."""
    # Questions only: they leave the conversation as it is, so that turns compare.
    texts = [
        text
        for text, name in projects.sample_messages()
        if name.startswith(f"{projects.FAQ}/")
    ]
    caller = Caller(server.url, server.token)
    found: dict[str, list[float]] = {str(turns): [] for turns in TURNS}
    longest = _Conversation(caller, texts)
    with Progress(console=console) as progress:
        task = progress.add_task("A conversation of 1,000 turns", total=TURNS[-1])
        while longest.turns < TURNS[-1] - WINDOW // 2:
            longest.go_on(WINDOW // 2)
            progress.update(task, completed=longest.turns)
    for _ in range(rounds):
        for turns in TURNS:
            talk = longest
            if turns != TURNS[-1]:
                talk = _Conversation(caller, texts)
                talk.go_on(turns - WINDOW // 2)
            talk.rewind()
            found[str(turns)].append(1000 * median(talk.go_on(WINDOW)))
    caller.close()
    return _medians(found)


class _Conversation:
    """One sender who says the same things in the same order as all others."""

    def __init__(self, caller: Caller, texts: list[str]) -> None:
        self._caller, self._texts = caller, texts
        self._sender = f"bench-{uuid.uuid4().hex}"
        self._next, self.turns = 0, 0

    def rewind(self) -> None:
        """What is measured is the same everywhere."""
        self._next = 0

    def _say(self, text: str) -> None:
        self._caller.say(self._sender, text)

    def go_on(self, turns: int) -> list[float]:
        seconds = []
        for _ in range(turns):
            text = self._texts[self._next % len(self._texts)]
            seconds += time_each(
                lambda one: self._caller.say(self._sender, one), [text]
            )
            self._next += 1
            self.turns += 1
        return seconds


def _medians(found: dict[str, list[float]]) -> dict[str, float]:
    return {name: median(values) for name, values in found.items()}

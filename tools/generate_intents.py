"""Makes any number of plausible intents, to measure how the assistant scales.

`python -m tools.generate_intents 50 --seed 7` prints them as Rasa training data.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

SEED = 20261120
EXAMPLES = 15

# What is wanted, in the words of different people.
VERBS: dict[str, tuple[str, ...]] = {
    "book": ("book", "reserve", "arrange", "set up"),
    "cancel": ("cancel", "call off", "get out of", "drop"),
    "change": ("change", "alter", "amend", "switch"),
    "find": ("find", "track down", "look up", "locate"),
    "renew": ("renew", "extend", "prolong", "keep going with"),
    "compare": ("compare", "weigh up", "see the differences in", "choose between"),
    "report_lost": ("report losing", "say i lost", "report missing", "tell you i lost"),
    "pay": ("pay for", "settle up for", "send money for", "clear the bill for"),
    "share": ("share", "pass on", "send somebody", "forward"),
    "complain_about": ("complain about", "moan about", "object to", "grumble about"),
}
# What it is about, with another word for it.
OBJECTS: dict[str, tuple[str, ...]] = {
    "library_card": ("library card", "card for the library"),
    "train_ticket": ("train ticket", "rail ticket"),
    "hotel_room": ("hotel room", "room at the hotel"),
    "swimming_lesson": ("swimming lesson", "lesson at the pool"),
    "garden_waste": ("garden waste pickup", "green bin collection"),
    "parking_permit": ("parking permit", "permit for parking"),
    "broadband": ("broadband contract", "internet deal"),
    "newspaper": ("newspaper order", "daily paper"),
    "bike_repair": ("bike repair", "bicycle service"),
    "piano_tuning": ("piano tuning", "piano tuner visit"),
    "dog_walker": ("dog walker", "walker for the dog"),
    "language_course": ("language course", "evening class in french"),
    "theatre_seat": ("theatre seat", "ticket for the play"),
    "energy_meter": ("energy meter", "smart meter"),
    "school_meal": ("school meal", "school lunch"),
    "passport_photo": ("passport photo", "picture for the passport"),
    "window_cleaning": ("window cleaning", "window cleaner"),
    "coffee_order": ("coffee order", "beans delivery"),
    "museum_tour": ("museum tour", "guided tour at the museum"),
    "allotment": ("allotment", "vegetable plot"),
    "boat_trip": ("boat trip", "river cruise"),
    "phone_number": ("phone number", "mobile number"),
    "gift_voucher": ("gift voucher", "gift card"),
    "choir_practice": ("choir practice", "choir rehearsal"),
    "car_insurance": ("car insurance", "motor policy"),
    "removal_van": ("removal van", "moving lorry"),
    "wedding_cake": ("wedding cake", "cake for the wedding"),
    "recipe_box": ("recipe box", "meal kit"),
    "tennis_court": ("tennis court", "court at the club"),
    "festival_tent": ("festival tent", "camping pitch"),
}
SHAPES = (
    "i want to {verb} {object}",
    "can i {verb} {object}",
    "how do i {verb} {object}",
    "please {verb} {object}",
    "need to {verb} {object} today",
    "could you help me {verb} {object}",
    "is it possible to {verb} {object}",
    "{verb} {object}",
    "i would like to {verb} {object} please",
    "where do i go to {verb} {object}",
    "help me {verb} {object} for next week",
    "my sister wants to {verb} {object}",
    "what is the quickest way to {verb} {object}",
    "trying to {verb} {object} but it will not let me",
    "let me {verb} {object}",
    "whats the way to {verb} {object}",
)
MOST = len(VERBS) * len(OBJECTS)


def generate(count: int, *, seed: int = SEED) -> dict[str, list[str]]:
    """`count` intents with examples; fewer of the same seed are the first of more."""
    if not 0 < count <= MOST:
        raise ValueError(f"from 1 to {MOST} intents can be made, not {count}")
    pairs = [(verb, thing) for verb in VERBS for thing in OBJECTS]
    random.Random(seed).shuffle(pairs)
    return {
        f"{verb}_{thing}": _examples(verb, thing, f"{seed} {verb} {thing}")
        for verb, thing in pairs[:count]
    }


def _examples(verb: str, thing: str, seed: str) -> list[str]:
    chance = random.Random(seed)
    made = [
        shape.format(verb=chance.choice(VERBS[verb]), object=_with_article(name))
        for shape in SHAPES
        for name in [chance.choice(OBJECTS[thing])]
    ]
    return chance.sample(made, EXAMPLES)


def _with_article(name: str) -> str:
    return f"my {name}" if len(name) % 2 else f"the {name}"


def nlu(intents: dict[str, list[str]]) -> dict[str, Any]:
    """Rasa training data with these examples."""
    entries = [
        {
            "intent": name,
            "examples": LiteralScalarString("".join(f"- {one}\n" for one in examples)),
        }
        for name, examples in intents.items()
    ]
    return {"version": "3.1", "nlu": entries}


def rules(intents: Iterable[str], actions: list[str]) -> dict[str, Any]:
    """One rule for each intent, the actions taken in turn."""
    entries = [
        {
            "rule": f"Answer {name}",
            "steps": [
                {"intent": name},
                {"action": actions[number % len(actions)]},
            ],
        }
        for number, name in enumerate(intents)
    ]
    return {"version": "3.1", "rules": entries}


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools.generate_intents", description=__doc__)
    parser.add_argument("count", type=int, help=f"how many intents, at most {MOST}")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    print(f"# Generated with seed {arguments.seed}.")
    YAML().dump(nlu(generate(arguments.count, seed=arguments.seed)), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())

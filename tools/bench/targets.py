"""What the figures must reach: ratios, and absolute limits beside the floor."""

from __future__ import annotations

from typing import Any

from tools.evaluate.targets import Target

FASTER_UNDERSTANDING, FASTER_REPLY, FASTER_TRAINING = 5.0, 3.0, 10.0
MOST_MEMORY = 0.7
MOST_OF_FLOOR = 4.0
MOST_SECONDS_FOR_AN_EXAMPLE = 30.0
MOST_GROWTH = 1.5
MOST_EMBEDDINGS = 2.5
MOST_SECONDS_FOR_THE_LONGEST = 1.0


def judge(found: dict[str, Any]) -> list[Target]:
    """The targets of the parts that were measured."""
    targets: list[Target] = []
    if "speed" in found:
        targets += _speed(found["speed"])
    if {"ours", "stock"} <= found.get("training", {}).keys():
        seconds = {name: one["seconds"] for name, one in found["training"].items()}
        ratio = seconds["stock"] / seconds["ours"]
        targets.append(_at_least("training faster than stock", ratio, FASTER_TRAINING))
    if {"ours", "stock"} <= found.get("starting", {}).keys():
        targets += _memory(found["starting"])
    if {"ours", "stock"} <= found.get("accuracy", {}).keys():
        targets += _accuracy(found["accuracy"])
    if "ours" in found.get("added_example", {}):
        targets.append(_example(found["added_example"]))
    if "understanding" in found:
        targets += _understanding(found["understanding"])
    targets += _curves(found)
    return targets


def _understanding(cost: dict[str, Any]) -> list[Target]:
    ratio = cost["whole"]["p95"] / cost["embedding"]["p95"]
    seconds = cost["longest"] / 1000
    return [
        _at_most(
            "whole understanding beside one embedding, p95", ratio, MOST_EMBEDDINGS
        ),
        Target(
            "8,000 characters understood in at most 1 s",
            f"{seconds:.2f} s",
            seconds <= MOST_SECONDS_FOR_THE_LONGEST,
        ),
    ]


def _speed(speed: dict[str, Any]) -> list[Target]:
    targets = []
    ours = speed["ours"]
    if stock := speed.get("stock"):
        ratio = stock["parse"]["p50"] / ours["parse"]["p50"]
        name = "understanding a message faster than stock"
        targets.append(_at_least(name, ratio, FASTER_UNDERSTANDING))
        for key in ("p50", "p95"):
            ratio = stock["reply"][key] / ours["reply"][key]
            name = f"{key} of a whole reply lower than stock"
            targets.append(_at_least(name, ratio, FASTER_REPLY))
    if floor := speed.get("floor"):
        ratio = ours["reply"]["p95"] / floor["reply"]["p95"]
        name = "p95 of a whole reply beside the floor"
        targets.append(_at_most(name, ratio, MOST_OF_FLOOR))
    return targets


def _memory(starting: dict[str, Any]) -> list[Target]:
    """By PSS: RSS would count what processes share once for each of them."""
    ratio = starting["ours"]["pss"] / starting["stock"]["pss"]
    return [_at_most("memory of all processes beside stock", ratio, MOST_MEMORY)]


def _accuracy(accuracy: dict[str, Any]) -> list[Target]:
    return [
        Target(
            f"more accurate than stock on held-out {kind}",
            f"{100 * accuracy['ours'][kind]:.1f} % against "
            f"{100 * accuracy['stock'][kind]:.1f} %",
            accuracy["ours"][kind] > accuracy["stock"][kind],
        )
        for kind in ("intents", "questions")
    ]


def _example(added: dict[str, Any]) -> Target:
    seconds = added["ours"]["seconds"]
    beside = f", floor {added['floor']['seconds']:.1f} s" if "floor" in added else ""
    return Target(
        f"an added example trained in at most {MOST_SECONDS_FOR_AN_EXAMPLE:.0f} s",
        f"{seconds:.1f} s{beside}",
        seconds <= MOST_SECONDS_FOR_AN_EXAMPLE,
    )


def _curves(found: dict[str, Any]) -> list[Target]:
    curves = {
        "understanding, by intents": found.get("over_intents", {}).get("parse"),
        "a whole reply, by intents": found.get("over_intents", {}).get("reply"),
        "a whole reply, by turns": found.get("over_turns"),
    }
    return [
        _at_most(f"growth of {name}", growth(curve), MOST_GROWTH)
        for name, curve in curves.items()
        if curve
    ]


def growth(curve: dict[str, float]) -> float:
    """The last point beside the first."""
    points = list(curve.values())
    return points[-1] / points[0]


def _at_least(name: str, ratio: float, least: float) -> Target:
    return Target(f"{name}, at least {least:g} times", f"{ratio:.1f}", ratio >= least)


def _at_most(name: str, ratio: float, most: float) -> Target:
    return Target(f"{name}, at most {most:g} times", f"{ratio:.2f}", ratio <= most)

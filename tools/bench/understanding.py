"""What it costs to understand a message, beside one embedding of it, in one run.

The messages are as long as real ones: held-out sentences put together until half of
them have 47 words or more.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rich.progress import track

import encoder
from tools import serving
from tools.environment import ROOT
from tools.evaluate import language, safety

MEDIAN_WORDS = 47
SEED = 20261127
LONGEST = 8_000  # characters: what a message may have at most


def cost(rounds: int, count: int) -> dict[str, Any]:
    """p50 and p95 (ms) of an embedding and of the whole, and of the longest message."""
    parse = language.load(serving.newest(ROOT))
    encode = encoder.Encoder.load().encode
    texts = messages(count)
    ways: dict[str, Callable[[str], Any]] = {
        "embedding": lambda text: encode([text]),
        "whole": parse,
    }
    for text in texts[:20]:  # warm
        for way in ways.values():
            way(text)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in track(range(rounds), "Understanding"):
        for text in texts:
            for name, way in ways.items():
                times[name].append(_timed(way, text))
    longest = ((" ".join(texts) + " ") * 20)[:LONGEST]
    return {
        "words": statistics.median(len(text.split()) for text in texts),
        **{name: _figures(values) for name, values in times.items()},
        "longest": statistics.median(_timed(parse, longest) for _ in range(5)),
        "seed": SEED,
    }


def messages(count: int) -> list[str]:
    """`count` messages with a median of 47 words, the same in every run."""
    sentences = [one.text for one in safety.sentences("tuning")]
    dice = random.Random(SEED)
    made = []
    for _ in range(count):
        wanted = dice.lognormvariate(np.log(MEDIAN_WORDS - 13), 0.6)
        text = dice.choice(sentences)
        while len(text.split()) < wanted:
            text += f". {dice.choice(sentences)}"
        made.append(text)
    return made


def _timed(way: Callable[[str], Any], text: str) -> float:
    begun = time.perf_counter()
    way(text)
    return 1000 * (time.perf_counter() - begun)


def _figures(values: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(values, [50, 95])
    return {"p50": float(p50), "p95": float(p95)}

"""The pipeline as it is learns other people's intents from ten examples of each."""

import os
from pathlib import Path
from statistics import mean

import pytest

from tools import banking77

FOLDER = os.environ.get("EVAL_DATA")


@pytest.mark.skipif(FOLDER is None, reason="EVAL_DATA names no folder with Banking77")
def test_ten_examples_of_each_of_77_intents_are_enough_for_84_percent() -> None:
    found = list(banking77.measure(Path(str(FOLDER))))
    assert len(found) == len(banking77.SEEDS)
    assert mean(found) >= 0.84, f"seeds {banking77.SEEDS}: {found}"


def test_a_sample_has_so_many_of_every_intent_and_the_same_each_time() -> None:
    some = [(f"text {n}", f"intent {n % 3}") for n in range(30)]
    drawn = banking77.sample(some, seed=1, examples=4)
    assert drawn == banking77.sample(some, seed=1, examples=4)
    assert sorted(intent for _, intent in drawn) == sorted(
        f"intent {n}" for n in (0, 1, 2) for _ in range(4)
    )

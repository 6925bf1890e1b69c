"""Units that are left out are missed as little as possible."""

import numpy as np
import pytest

from encoder.pruning import KEPT, SENTENCES, prune_part

UNITS, OUT, WORDS = KEPT + 384, 24, 4000
INTO, OUTGOING = "into", "out"


@pytest.fixture(scope="module")
def seen() -> np.ndarray:
    """What the units give: the last 384 are mixtures of the first ones."""
    chance = np.random.default_rng(0)
    first = chance.normal(size=(WORDS, KEPT)) + 1
    mixed = 0.02 * first @ chance.normal(size=(KEPT, UNITS - KEPT))
    return np.hstack([first, mixed]).astype(np.float32)


@pytest.fixture(scope="module")
def part() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(1)
    return {
        "into.weight": chance.normal(size=(UNITS, OUT)).astype(np.float32),
        "into.bias": chance.normal(size=UNITS).astype(np.float32),
        "out.weight": chance.normal(size=(OUT, UNITS)).astype(np.float32),
        "out.bias": chance.normal(size=OUT).astype(np.float32),
    }


def test_what_stays_gives_nearly_what_all_gave(seen, part) -> None:
    pruned = prune_part(part, INTO, OUTGOING, seen)
    kept = units_kept(part, pruned)
    whole = seen @ part["out.weight"].T + part["out.bias"]
    now = seen[:, kept] @ pruned["out.weight"].T + pruned["out.bias"]
    cut = seen[:, kept] @ part["out.weight"][:, kept].T + part["out.bias"]
    assert np.square(whole - now).sum() < 0.1 * np.square(whole - cut).sum()


def test_a_unit_that_never_changes_goes_and_its_share_stays(seen, part) -> None:
    seen = seen.copy()
    seen[:, 7] = 100.0
    pruned = prune_part(part, INTO, OUTGOING, seen)
    kept = units_kept(part, pruned)
    assert 7 not in kept
    whole = seen @ part["out.weight"].T + part["out.bias"]
    now = seen[:, kept] @ pruned["out.weight"].T + pruned["out.bias"]
    np.testing.assert_allclose(now.mean(axis=0), whole.mean(axis=0), rtol=1e-2)


def test_the_sentences_are_enough_for_least_squares() -> None:
    words = SENTENCES.read_text(encoding="utf-8").split()
    assert len(words) > 3 * KEPT


def units_kept(before: dict, after: dict) -> np.ndarray:
    """Their numbers, found by their biases, which pruning leaves as they are."""
    assert after["into.weight"].shape[0] == after["out.weight"].shape[1] == KEPT
    return np.flatnonzero(np.isin(before["into.bias"], after["into.bias"]))

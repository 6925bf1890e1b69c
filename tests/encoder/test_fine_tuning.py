"""A branch learns what it is taught, in its graph as in training, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import encoder
from encoder import Encoder, branch, graph
from encoder.fine_tuning import Recipe, Slopes, batches, fine_tune, hardest, padded

BODY = ["my wrist hurts", "my hand is sore", "the thumb aches", "fingers are stiff"]
SKY = ["the sun is out", "it rained all day", "clouds are grey", "a cold north wind"]


@pytest.fixture(scope="module")
def taught() -> tuple[dict[str, np.ndarray], bytes]:
    texts = [*BODY, *SKY] * 8
    wanted = np.array([[1.0, 0.0]] * 4 + [[0.0, 1.0]] * 4, np.float32)
    weights = fine_tune(
        branch.upper_weights(),
        [branch.states(texts)],
        np.tile(wanted, (8, 1)),
        np.ones((64, 2), np.float32),
        Recipe(shares=(1.0,) * 12, settled=10, seed=1),
    )
    return weights, branch.as_int8(weights)


def test_a_branch_tells_apart_what_it_was_taught(
    taught: tuple[dict[str, np.ndarray], bytes],
) -> None:
    states = branch.states(["my elbow is sore", "snow and wind"])
    body, sky = branch.scores(taught[1], states)
    assert body[0] > body[1] and sky[1] > sky[0]


def test_an_untaught_branch_is_the_encoder_itself() -> None:
    """What is cut into heads for training comes back as it was."""
    upper = branch.upper_weights()
    nothing = np.zeros((2, 3), np.float32)
    states = branch.states(BODY[:2])
    weights = fine_tune(
        upper, [states], nothing, nothing, Recipe(shares=(1.0,), settled=1, rate=0.0)
    )
    for name, value in upper.items():
        np.testing.assert_allclose(weights[name], value, atol=1e-6, err_msg=name)


def test_states_are_those_that_a_branch_reads_in_serving() -> None:
    reader = Encoder.load()
    inputs = reader._inputs(BODY[0])
    [served] = reader._session.run([graph.STATES], inputs)
    [learnt] = branch.states(BODY[:1])
    np.testing.assert_allclose(learnt, served[0], rtol=1e-3, atol=1e-3)  # fp16


def test_the_hardest_texts_are_taken_again_and_some_by_chance() -> None:
    losses = np.arange(100, dtype=np.float32)
    taken = hardest(losses, 50, 0.2, np.random.default_rng(1))
    assert len(set(taken)) == 50
    assert set(range(60, 100)) <= set(taken)
    assert min(taken) < 50  # none is forgotten for good


def test_a_whole_epoch_takes_every_text_once() -> None:
    taken = hardest(np.zeros(70, np.float32), 70, 0.2, np.random.default_rng(1))
    assert sorted(taken) == list(range(70))


def test_texts_of_about_one_length_share_a_batch() -> None:
    lengths = np.random.default_rng(1).integers(3, 90, size=640)
    some = batches(lengths, np.random.default_rng(2))
    assert sorted(np.concatenate(some)) == list(range(640))
    assert max(np.ptp(lengths[rows]) for rows in some) < 15


def test_the_rate_is_nothing_wherever_the_weights_settle() -> None:
    slopes = Slopes(first=6e-4, again=3e-4, settling=np.array([20, 30]), warm_up=0.1)
    rates = [float(slopes(step)) for step in range(31)]
    assert max(rates[:20]) == pytest.approx(6e-4)
    assert max(rates[20:]) == pytest.approx(3e-4)
    assert [step for step, rate in enumerate(rates) if rate < 1e-9] == [19, 29, 30]


def test_padding_leaves_the_words_where_they_are() -> None:
    one, two = np.ones((3, 384)), 2 * np.ones((9, 384))
    hidden, mask = padded([one, two])
    assert hidden.shape == (2, 16, 384)
    assert mask.sum(axis=1).tolist() == [3, 9]
    assert hidden[0, 3:].sum() == 0


def test_a_branch_adds_scores_and_changes_no_vector(
    taught: tuple[dict[str, np.ndarray], bytes],
) -> None:
    reader = Encoder(
        encoder.prepare() / "encoder.onnx", encoder.prepare() / "tokenizer.json"
    )
    assert [row.scores for row in reader.begin(BODY).rows()] == [None] * 4
    reader.attach(taught[1])
    begun = reader.begin(BODY)
    assert np.array([row.scores for row in begun.rows()]).shape == (4, 2)
    np.testing.assert_array_equal(begun.result(), Encoder.load().encode(BODY))


def test_the_vector_of_a_part_is_that_of_its_words_in_the_whole() -> None:
    text = "my wrist hurts. what about heat?"
    [row] = Encoder.load().begin([text]).rows()
    everything = row.vector_of(0, len(text))
    assert everything is not None and float(everything @ row.vector) > 0.98
    heat, wrist = row.vector_of(16, len(text)), row.vector_of(0, 15)
    asked = Encoder.load().encode(["what about heat?"])[0]
    assert float(heat @ asked) > float(wrist @ asked)
    assert row.vector_of(len(text), len(text) + 5) is None


def test_the_branch_begins_where_the_encoder_says() -> None:
    from encoder.encoder import STATES, WORDS

    assert (graph.STATES, graph.WORDS) == (STATES, WORDS)


def test_serving_loads_no_tensorflow() -> None:
    code = "import encoder, sys; encoder.Encoder.load().encode(['a'])"
    code += "; assert 'tensorflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)

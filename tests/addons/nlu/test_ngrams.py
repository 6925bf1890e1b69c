"""Pieces of words are weighed alike when a model is made and when it reads."""

import numpy as np
import pytest
from sklearn.preprocessing import normalize

from addons.nlu import ngrams

TEXTS = ["heat wrap", "cold wrap", "thank you", "heat pack", "cold pack", "thanks"]
NUMBERS = np.array([0, 1, 2, 0, 1, 2])


@pytest.fixture(scope="module")
def model() -> ngrams.NgramModel:
    return ngrams.fit(TEXTS, NUMBERS, strength=1.0)


def test_what_was_learnt_is_read(model: ngrams.NgramModel) -> None:
    assert np.array_equal(ngrams.scores(model, TEXTS).argmax(axis=1), NUMBERS)


def test_a_score_is_the_product_of_the_weighed_pieces(model: ngrams.NgramModel) -> None:
    texts = ["a heat wrap on my wrist", "x", "", "cold " * 300]
    counted = ngrams.HASHING.transform(texts)
    counted.data = (1 + np.log(counted.data)) * model.rarity[counted.indices]
    expected = normalize(counted) @ model.weights + model.bias
    assert ngrams.scores(model, texts) == pytest.approx(expected, abs=1e-5)


def test_a_text_without_pieces_leans_nowhere(model: ngrams.NgramModel) -> None:
    assert ngrams.scores(model, [""])[0] == pytest.approx(model.bias)


def test_a_word_is_not_the_same_piece_inside_another() -> None:
    assert "=pain" in ngrams.features_of("pain")
    assert "=pain" not in ngrams.features_of("painting")
    assert "pain" in ngrams.features_of("painting")


def test_what_few_examples_teach_counts_for_less(model: ngrams.NgramModel) -> None:
    many = ngrams.fit(TEXTS * 20, np.tile(NUMBERS, 20), strength=1.0)
    few, more = (ngrams.scores(one, ["heat wrap"])[0] for one in (model, many))
    assert few.argmax() == more.argmax() == 0
    assert np.ptp(few) < 0.5 * np.ptp(more)

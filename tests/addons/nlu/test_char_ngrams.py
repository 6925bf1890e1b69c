"""Letters are counted and weighed alike when a model is made and when it reads."""

from __future__ import annotations

import numpy as np
import pytest

from addons.nlu import char_ngrams
from addons.nlu.ngrams import NgramModel

TEXTS = [
    "my fingers have gone blue",
    "my fingers are blue from the ink",
    "it is swollen and hot",
    "it is not swollen or hot",
]
WANTED = np.array([[1, 0], [0, 0], [0, 1], [0, 0]])


@pytest.fixture(scope="module")
def model() -> NgramModel:
    return char_ngrams.fit(TEXTS, wanted=WANTED, emphasis=np.ones_like(WANTED))


def test_what_was_learnt_is_read(model: NgramModel) -> None:
    assert np.array_equal(char_ngrams.scores(model, TEXTS) > 0, WANTED)


def test_learning_twice_gives_the_same(model: NgramModel) -> None:
    again = char_ngrams.fit(TEXTS, wanted=WANTED, emphasis=np.ones_like(WANTED))
    assert all(map(np.array_equal, model, again))


def test_a_score_is_that_of_the_row_that_was_learnt_from(model: NgramModel) -> None:
    texts = [*TEXTS, "blue " * 400, "e"]
    rows = char_ngrams._weighed(char_ngrams._counted(texts), model.rarity)
    expected = rows @ model.weights + model.bias
    assert char_ngrams.scores(model, texts) == pytest.approx(expected, abs=1e-4)


def test_what_counts_for_nothing_teaches_nothing() -> None:
    emphasis = np.ones_like(WANTED, dtype=float)
    emphasis[0] = 1e-9
    model = char_ngrams.fit(TEXTS, wanted=WANTED, emphasis=emphasis)
    assert char_ngrams.scores(model, TEXTS[:1])[0, 0] < 0


@pytest.mark.parametrize("text", ["", " ", "\N{SLIGHTLY SMILING FACE}", "\u0301"])
def test_a_text_without_words_leans_nowhere(text: str, model: NgramModel) -> None:
    assert char_ngrams.scores(model, [text])[0] == pytest.approx(model.bias)


def test_no_texts_have_no_scores(model: NgramModel) -> None:
    assert char_ngrams.scores(model, []).shape == (0, 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It\N{RIGHT SINGLE QUOTATION MARK}s Blue", "it's blue"),
        ("I can`t", "i can't"),
        ("I can\N{ACUTE ACCENT}t", "i can't"),
        ("blue,cold", "blue , cold"),
        ("blue\n cold", "blue cold"),
    ],
)
def test_how_it_is_typed_does_not_matter(one: str, other: str) -> None:
    found = (sorted(char_ngrams.buckets_of(text)) for text in (one, other))
    assert np.array_equal(*found)


def test_a_sign_and_the_order_of_words_matter() -> None:
    def found(text: str) -> set[int]:
        return set(char_ngrams.buckets_of(text).tolist())

    assert found("is it blue?") != found("is it blue")
    assert found("not blue but cold") != found("blue but not cold")


def test_beyond_the_most_characters_nothing_is_read() -> None:
    most = char_ngrams.MOST_CHARACTERS
    found = (char_ngrams.buckets_of("a" * (most + more)) for more in (0, 9000))
    assert np.array_equal(*found)

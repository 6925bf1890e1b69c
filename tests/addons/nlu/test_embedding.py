"""A text that was announced has the vector that it has anyway, and is begun once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from addons.nlu.embedding import (
    CLAUSES,
    SentenceEmbeddingFeaturizer,
    vectors_of,
)
from encoder import Encoder

LONG = "My wrist hurts since Monday. Can I put heat on it? I also have a cold."


@pytest.fixture
def featurizer() -> SentenceEmbeddingFeaturizer:
    config = SentenceEmbeddingFeaturizer.get_default_config()
    return SentenceEmbeddingFeaturizer(config, "embedding")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were begun."""
    texts: list[str] = []
    begin = Encoder.begin

    def noted(encoder: Encoder, given: list[str]) -> Any:
        texts.extend(given)
        return begin(encoder, given)

    monkeypatch.setattr(Encoder, "begin", noted)
    return texts


def processed(featurizer: SentenceEmbeddingFeaturizer, text: str) -> Message:
    [message] = featurizer.process([Message({TEXT: text})])
    return message


def test_what_was_announced_is_used_once(
    featurizer: SentenceEmbeddingFeaturizer, begun: list[str]
) -> None:
    plain = processed(featurizer, LONG)
    featurizer.expect(LONG)
    featurizer.expect(LONG)
    told = processed(featurizer, LONG)
    assert begun.count(LONG) == 2
    assert told.get(CLAUSES) == plain.get(CLAUSES)
    assert len(vectors_of(told)) == 1 + len(told.get(CLAUSES))
    np.testing.assert_array_equal(vectors_of(told), vectors_of(plain))
    processed(featurizer, LONG)
    assert begun.count(LONG) == 3


def test_a_text_that_changed_on_the_way_has_its_own_vector(
    featurizer: SentenceEmbeddingFeaturizer,
) -> None:
    featurizer.expect("/inform{}")
    told = processed(featurizer, "inform")
    np.testing.assert_array_equal(
        vectors_of(told), vectors_of(processed(featurizer, "inform"))
    )

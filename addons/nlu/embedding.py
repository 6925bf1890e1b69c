"""Sentence embedding as a dense feature, and those of the clauses of a long message.

A message's vectors are computed on another core while the components that follow read
it; the first one that asks for them waits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import encoder
from addons.nlu import clauses, vector_cache
from addons.nlu.fingerprints import of_modules

CLAUSES = "clauses"
ENCODING = "encoding"


class Expected(NamedTuple):
    """A text, its clauses, and the vectors of both, which are being computed."""

    text: str
    clauses: list[clauses.Clause]
    encoding: encoder.Encoding


class PendingFeatures(Features):
    """The vector of a message as a dense sentence feature, there when it is read."""

    def __init__(self, encoding: encoder.Encoding, attribute: str, origin: str) -> None:
        self._encoding = encoding
        self.type = FEATURE_TYPE_SENTENCE
        self.attribute = attribute
        self.origin = origin

    @property
    def features(self) -> np.ndarray:
        return self._encoding.result()[:1]

    def is_sparse(self) -> bool:
        return False

    def __deepcopy__(self, memo: dict[int, Any]) -> Features:
        return Features(self.features.copy(), self.type, self.attribute, self.origin)


def vectors_of(message: Message) -> np.ndarray:
    """One row for the whole message and, where it has clauses, one for each of them."""
    encoding: encoder.Encoding | None = message.get(ENCODING)
    if encoding is not None:
        return encoding.result()
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("SentenceEmbeddingFeaturizer must stand before this component")
    return np.asarray(sentence.features, dtype=np.float32).reshape(1, -1)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Sets the vector of a text; a long one also gets its clauses and their vectors.

    `clauses` (list of Clause) and `encoding` (see `vectors_of`) are on the message for
    the components that follow; they are no part of Rasa's answer.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config()}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._encoder = encoder.Encoder.load()
        self._expected: Expected | None = None
        self._cache: Path = vector_cache.cache_file(encoder.fingerprint())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddingFeaturizer:
        return cls(config, execution_context.node_name or cls.__name__)

    def expect(self, text: str) -> None:
        """Begins with a text that is about to come: see addons/engine/early_start."""
        if self._expected is None or self._expected.text != text:
            self._expected = self._begin(text)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._embed(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [
            example for example in training_data.training_examples if example.get(TEXT)
        ]
        if examples:
            vectors = vector_cache.encode_cached(
                [example.get(TEXT) for example in examples],
                self._encoder.encode,
                self._cache,
            )
            for example, vector in zip(examples, vectors, strict=True):
                self._set(example, vector)
        return training_data

    def _embed(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        expected, self._expected = self._expected, None
        if expected is None or expected.text != text:
            expected = self._begin(text)
        origin = self._config[FEATURIZER_CLASS_ALIAS]
        message.add_features(PendingFeatures(expected.encoding, TEXT, origin))
        message.set(CLAUSES, expected.clauses)
        message.set(ENCODING, expected.encoding)

    def _begin(self, text: str) -> Expected:
        encoding = self._encoder.begin([text])
        parts = clauses.of_message(text)  # while the first vector is being made
        if parts:
            encoding += self._encoder.begin([part.text for part in parts])
        return Expected(text, parts, encoding)

    def _set(self, message: Message, vector: np.ndarray) -> None:
        row, origin = vector.reshape(1, -1), self._config[FEATURIZER_CLASS_ALIAS]
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, origin))

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to set."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return encoder.fingerprint() + of_modules(vector_cache)

"""Sentence embedding as a dense feature, and those of the clauses of a message.

A message's vectors are computed on another core while the components that follow read
it; the first one that asks for them waits.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
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

logger = logging.getLogger(__name__)

CLAUSES = "clauses"
READ = "passages_read"


class Passages(NamedTuple):
    """A text in passages that are being read; usually it is one."""

    text: str
    parts: list[clauses.Clause]
    encoding: encoder.Encoding

    def whole(self) -> np.ndarray:
        """The vector of all of it, by the length of its passages; one row."""
        vectors = self.encoding.result()
        if len(vectors) == 1:
            return vectors
        lengths = np.array([len(part.text) for part in self.parts], dtype=np.float32)
        mean = lengths @ vectors
        return (mean / np.linalg.norm(mean)).reshape(1, -1)

    def of(self, some: Sequence[clauses.Clause]) -> np.ndarray:
        """One row for each of these clauses, as it is meant in its passage."""
        rows = self.encoding.rows()
        return np.array([self._of(one, rows) for one in some], dtype=np.float32)

    def _of(self, clause: clauses.Clause, rows: list[encoder.Row]) -> np.ndarray:
        for part, row in zip(self.parts, rows, strict=True):
            if part.start <= clause.start and clause.end <= part.end:
                start, end = clause.start - part.start, clause.end - part.start
                vector = row.vector_of(start, end)
                if vector is not None:
                    return vector
        return self.whole()[0]  # beyond what the encoder reads of a passage

    def scores(self) -> list[np.ndarray]:
        """What the attached branch gives for each passage; nothing without one."""
        scores = [row.scores for row in self.encoding.rows()]
        return [one for one in scores if one is not None]


class PendingFeatures(Features):
    """The vector of a message as a dense sentence feature, there when it is read."""

    def __init__(self, passages: Passages, attribute: str, origin: str) -> None:
        self._passages = passages
        self.type = FEATURE_TYPE_SENTENCE
        self.attribute = attribute
        self.origin = origin

    @property
    def features(self) -> np.ndarray:
        return self._passages.whole()

    def is_sparse(self) -> bool:
        return False

    def __deepcopy__(self, memo: dict[int, Any]) -> Features:
        return Features(self.features.copy(), self.type, self.attribute, self.origin)


def vectors_of(message: Message) -> np.ndarray:
    """One row for the whole message and, where it has clauses, one for each of them."""
    passages: Passages | None = message.get(READ)
    if passages is not None:
        some = message.get(CLAUSES) or []
        whole = passages.whole()
        return np.vstack([whole, passages.of(some)]) if some else whole
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("SentenceEmbeddingFeaturizer must stand before this component")
    return np.asarray(sentence.features, dtype=np.float32).reshape(1, -1)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Sets the vector of a text; a long one is read in passages, and has clauses.

    `clauses` and `passages_read` (see `vectors_of`) are on the message for the
    components that follow, and no part of Rasa's answer.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config()}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._encoder = encoder.Encoder.load()
        self._expected: Passages | None = None
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
            try:
                self._expected = self._begin(text)
            except Exception as error:  # `process` will meet and name it again
                logger.error("Nothing was begun: %s", type(error).__name__)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            try:
                self._embed(message)
            except Exception as error:  # the rules read it all the same
                logger.error("No vector: %s", type(error).__name__)
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
        message.add_features(PendingFeatures(expected, TEXT, origin))
        message.set(CLAUSES, clauses.of_message(text))
        message.set(READ, expected)

    def _begin(self, text: str) -> Passages:
        parts = clauses.passages(text)
        return Passages(text, parts, self._encoder.begin([one.text for one in parts]))

    def _set(self, message: Message, vector: np.ndarray) -> None:
        row, origin = vector.reshape(1, -1), self._config[FEATURIZER_CLASS_ALIAS]
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, origin))

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to set."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return encoder.fingerprint() + of_modules(vector_cache)

"""Sentence embedding as a dense feature, and those of the clauses of a long message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
CLAUSE_VECTORS = "clause_vectors"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Sets the vector of a text; a long one also gets its clauses and their vectors.

    `clauses` (list of Clause) and `clause_vectors` (one row each) are on the message
    for the components that follow; they are no part of Rasa's answer.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config()}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._encoder = encoder.Encoder.load()
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
        parts = clauses.of_message(text)
        vectors = self._encoder.encode([text, *(part.text for part in parts)])
        self._set(message, vectors[0])
        message.set(CLAUSES, parts)
        message.set(CLAUSE_VECTORS, vectors[1:])

    def _set(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(
            Features(
                vector.reshape(1, -1),
                FEATURE_TYPE_SENTENCE,
                TEXT,
                self._config[FEATURIZER_CLASS_ALIAS],
            )
        )

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to set."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return encoder.fingerprint() + of_modules(vector_cache)

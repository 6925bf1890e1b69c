"""One linear classifier over intents and FAQ topics, with `nlu_fallback`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.nlu import clauses, ranking, rasa_output
from addons.nlu.embedding import CLAUSE_VECTORS, CLAUSES
from addons.nlu.fingerprints import of_modules

MODEL_FILE = "intents.npz"


def sentence_vector(message: Message) -> np.ndarray:
    """The dense sentence feature of a message as one flat row."""
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("SentenceEmbeddingFeaturizer must stand before this component")
    return np.asarray(sentence.features, dtype=np.float32).reshape(-1)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and `response_selector` on a message."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "strength": 20.0,
            "balance": 0.5,
            "ranking_length": 10,
            "fallback": True,
            "confidence_threshold": 0.2,
            "margin_threshold": 0.03,
            "similarity_threshold": 0.45,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: ranking.LinearModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._thresholds = ranking.Thresholds(
            confidence=self._config["confidence_threshold"],
            margin=self._config["margin_threshold"],
            similarity=self._config["similarity_threshold"],
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            model = _read(folder / MODEL_FILE)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        labels = [one.get_full_intent() for one in examples]
        if len(set(labels)) > 1:
            self._model = ranking.fit(
                np.stack([sentence_vector(one) for one in examples]),
                labels,
                strength=self._config["strength"],
                balance=self._config["balance"],
            )
        with self._model_storage.write_to(self._resource) as folder:
            _write(folder / MODEL_FILE, self._model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        if self._model is None:
            return
        vectors = sentence_vector(message).reshape(1, -1)
        parts: list[clauses.Clause] = message.get(CLAUSES) or []
        if parts:
            vectors = np.vstack([vectors, message.get(CLAUSE_VECTORS)])
        ranked = ranking.rank_message(self._model, vectors, [one.asks for one in parts])
        understood = not self._config["fallback"] or ranking.is_understood(
            ranked, self._thresholds
        )
        output = rasa_output.for_ranking(
            self._model.labels, ranked.confidences, self._config["ranking_length"]
        )
        if not understood:
            output = rasa_output.with_fallback(output)
        for key, value in output.items():
            message.set(key, value, add_to_output=True)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return of_modules(ranking)


def _write(path: Path, model: ranking.LinearModel | None) -> None:
    np.savez(path, **(model._asdict() if model else {}))


def _read(path: Path) -> ranking.LinearModel | None:
    with np.load(path, allow_pickle=False) as stored:
        return ranking.LinearModel(**stored) if stored.files else None

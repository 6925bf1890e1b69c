"""One linear classifier over intents and FAQ topics, with `nlu_fallback`."""

from __future__ import annotations

import logging
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
from threadpoolctl import threadpool_limits

from addons.nlu import clauses, ngrams, ranking, rasa_output
from addons.nlu.embedding import CLAUSES, vectors_of
from addons.nlu.fingerprints import of_modules

logger = logging.getLogger(__name__)

MODEL_FILE = "intents.npz"
STORED_NARROW = {"examples", "ngram_weights"}  # float16: 3 digits, as good as 7 here


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
            **ranking.Settings()._asdict(),
            "ranking_length": 10,
            "fallback": True,
            "evidence_threshold": 8.8,
            "confidence_threshold": 0.25,
            "margin_threshold": 0.02,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: ranking.IntentModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._use(model)
        self._settings = ranking.Settings(
            **{name: self._config[name] for name in ranking.Settings._fields}
        )
        self._thresholds = ranking.Thresholds(
            **{
                name: self._config[f"{name}_threshold"]
                for name in ranking.Thresholds._fields
            }
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
        # The products are small: a second thread takes longer to wake than to compute.
        threadpool_limits(1, user_api="blas")
        with model_storage.read_from(resource) as folder:
            model = _read(folder / MODEL_FILE)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        labels = [one.get_full_intent() for one in examples]
        if len(set(labels)) > 1:
            self._use(
                ranking.fit(
                    [one.get(TEXT) for one in examples],
                    np.vstack([vectors_of(one) for one in examples]),
                    labels,
                    self._settings,
                )
            )
        with self._model_storage.write_to(self._resource) as folder:
            _write(folder / MODEL_FILE, self._model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            try:
                output = self._output(message)
            except Exception as error:  # what was found in it must reach the policies
                logger.error("No intent: %s", type(error).__name__)
                output = rasa_output.not_understood()
            for key, value in output.items():
                message.set(key, value, add_to_output=True)
        return messages

    def _use(self, model: ranking.IntentModel | None) -> None:
        self._model = model
        self._labels = tuple(model.labels.tolist()) if model else ()

    def _output(self, message: Message) -> rasa_output.Output:
        if self._model is None:
            return {}
        parts: list[clauses.Clause] = message.get(CLAUSES) or []
        texts = [message.get(TEXT) or "", *(part.text for part in parts)]
        ranked = ranking.rank_message(
            self._model,
            ranking.written_scores(self._model, texts),  # while the vectors are made
            vectors_of(message),
            [part.asks for part in parts],
            self._settings,
        )
        understood = not self._config["fallback"] or (
            bool((message.get(TEXT) or "").strip())
            and ranking.is_understood(ranked, self._thresholds)
        )
        output = rasa_output.for_ranking(
            self._labels, ranked.confidences, self._config["ranking_length"]
        )
        return output if understood else rasa_output.with_fallback(output)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return of_modules(ranking, ngrams)


def _write(path: Path, model: ranking.IntentModel | None) -> None:
    """Half as wide as it is computed, and packed here: Rasa packs such numbers in four
    times the time, nearly half of what the fit takes.
    """
    arrays = model._asdict() if model else {}
    for name in STORED_NARROW & arrays.keys():
        arrays[name] = arrays[name].astype(np.float16)
    np.savez_compressed(path, **arrays)


def _read(path: Path) -> ranking.IntentModel | None:
    with np.load(path, allow_pickle=False) as stored:
        arrays = dict(stored)
    for name in STORED_NARROW & arrays.keys():
        arrays[name] = arrays[name].astype(np.float32)
    return ranking.IntentModel(**arrays) if arrays else None

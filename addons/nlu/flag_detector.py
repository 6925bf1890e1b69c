"""The second detector: red flags by likeness, where no rule knows the words.

Sure of a flag, it adds a finding that is `present`; half sure, one that is `uncertain`,
which is asked about; both carry `"by": "likeness"`. Findings by rules stay, with a
`doubt` where they stand in a passage that does not sound like danger.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import encoder
from addons.nlu import clauses, flag_model, likeness
from addons.nlu.embedding import READ, Passages
from addons.nlu.findings import FINDINGS, READING, finding_as_dict
from addons.nlu.fingerprints import of_modules
from addons.nlu.flag_model import FlagModel
from wrist.findings import ENGLISH

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True
)
class FlagDetector(GraphComponent):
    """Reads the passages of a message by what was taught the red flags (flag_model)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return likeness.Bands()._asdict()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: FlagModel | None = None,
    ) -> None:
        self._bands = likeness.Bands(**{k: config[k] for k in likeness.Bands._fields})
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        if model is not None:
            encoder.Encoder.load().attach(model.branch)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FlagDetector:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FlagDetector:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, flag_model.load(Path(folder)))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from `data/flags`, once for each state of them."""
        with self._model_storage.write_to(self._resource) as folder:
            flag_model.save(flag_model.prepare(), Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            try:
                self._read(message)
            except Exception as error:  # the rules have read it all the same
                logger.error("The second detector failed: %s", type(error).__name__)
        return messages

    def _read(self, message: Message) -> None:
        read: Passages | None = message.get(READ)
        if read is None or self._model is None:
            return
        reading = message.get(READING) or {}
        if reading.get("language", ENGLISH) != ENGLISH:
            return  # it was taught no other
        if reading.get("words", 0) < self._bands.fewest_words:
            return
        passages, scores = read.parts, read.scores()
        if not scores:
            return
        odds = self._model.odds([one.text for one in passages], np.stack(scores))
        known = message.get(FINDINGS) or []
        weighed = likeness.with_doubts(
            passages, odds.danger, self._bands, known, partial(self._alone, read.text)
        )
        added = likeness.findings(
            passages, odds, self._model.flags, self._bands, known, reading
        )
        found = [*weighed, *map(finding_as_dict, added)]
        message.set(FINDINGS, found, add_to_output=True)

    def _alone(self, text: str, some: Sequence[Mapping[str, Any]]) -> list[float]:
        """How much like danger the sentences are, by themselves, where these stand."""
        if not some or self._model is None:
            return []
        parts = clauses.split(text)
        if len(parts) == 1:  # it was read alone, and is no danger
            return [0.0] * len(some)
        inside = [
            next((p for p in parts if p.start <= one["start"] < p.end), None)
            for one in some
        ]
        wanted = list(dict.fromkeys(part.text for part in inside if part))
        rows = encoder.Encoder.load().begin(wanted).rows()
        danger = {
            text: float(self._model.odds([text], row.scores[None]).danger[0])
            for text, row in zip(wanted, rows, strict=True)
            if row.scores is not None
        }
        return [danger.get(part.text, 1.0) if part else 1.0 for part in inside]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return flag_model.fingerprint() + of_modules(likeness)

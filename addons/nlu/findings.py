"""Puts what the lexicon finds on every message, before and apart from the intent."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.nlu.fingerprints import of_files
from wrist import lexicon
from wrist.findings import Entity, Finding, Reading
from wrist.lexicon import Lexicon
from wrist.library import CONTENT

logger = logging.getLogger(__name__)

FINDINGS = "findings"
READING = "reading"
FAILED = "findings_failed"
FINGERPRINT_FILE = "lexicon.json"
CODE = ("findings.py", "lexicon.py", "reading/*.py")


def finding_as_dict(finding: Finding) -> dict[str, Any]:
    """What contract.md names, and the rest where it is known."""
    extras = {
        "onset_days": finding.onset_days,
        "person": finding.person,
        "by": finding.by,
        "doubt": finding.doubt and finding.doubt.value,
    }
    return {
        "id": finding.id,
        "status": finding.status.value,
        "text": finding.text,
        "start": finding.start,
        "end": finding.end,
        **{key: value for key, value in extras.items() if value is not None},
    }


def entity_as_dict(entity: Entity) -> dict[str, Any]:
    """An entity in Rasa's shape."""
    return entity.dict(exclude_none=True)


def lexicon_fingerprint() -> str:
    """Changes with any content file or code that decides what is found."""
    content = [
        *(CONTENT / "lexicon").glob("*.yml"),
        CONTENT / "assertion.yml",
        CONTENT / "emergency_words.yml",
    ]
    code = [file for pattern in CODE for file in CONTENT.parent.glob(pattern)]
    return of_files([*content, *code])


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True
)
class FindingsExtractor(GraphComponent, EntityExtractorMixin):
    """Reads every message with the lexicon.

    Training only proves that the lexicon can be loaded and notes its fingerprint:
    a broken file fails `rasa train`, a changed one makes a new model.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, reader: Lexicon
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FindingsExtractor:
        return cls(model_storage, resource, lexicon.default())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FindingsExtractor:
        _warn_of_other_lexicon(model_storage, resource)
        return cls(model_storage, resource, lexicon.default())

    def train(self, training_data: TrainingData) -> Resource:
        with self._model_storage.write_to(self._resource) as folder:
            _fingerprint_file(folder).write_text(json.dumps(lexicon_fingerprint()))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._read(message)
        return messages

    def _read(self, message: Message) -> None:
        try:
            reading = self._reader.read(message.get(TEXT) or "")
            failed = False
        except Exception as error:  # the message must reach the policies all the same
            # The text of the error may quote the user's words: only its kind is kept.
            logger.error("Findings failed: %s", type(error).__name__)
            reading, failed = Reading(), True
        findings = [finding_as_dict(finding) for finding in reading.findings]
        entities = [entity_as_dict(entity) for entity in reading.entities]
        extras = reading.dict(exclude={"findings", "entities"})
        others = message.get(ENTITIES) or []
        message.set(FINDINGS, findings, add_to_output=True)
        message.set(READING, extras, add_to_output=True)
        message.set(
            ENTITIES, others + self.add_extractor_name(entities), add_to_output=True
        )
        if failed:
            message.set(FAILED, True, add_to_output=True)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return lexicon_fingerprint()


def _fingerprint_file(folder: Path) -> Path:
    return folder / FINGERPRINT_FILE


def _warn_of_other_lexicon(model_storage: ModelStorage, resource: Resource) -> None:
    with model_storage.read_from(resource) as folder:
        trained_with = json.loads(_fingerprint_file(folder).read_text())
    if trained_with != lexicon_fingerprint():
        logger.warning(
            "The lexicon has changed since this model was trained; the files as they "
            "are now are used. `make train` brings the model up to date."
        )

"""Takes every message into the case, and lets danger and open questions go first.

It runs inside the Rasa server, needs no action server and does not ask the intent
whether a finding is dangerous. What it leaves open is for rules and stories.
"""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from addons import engine
from wrist import dialogue, hearing, library
from wrist.case import Case
from wrist.findings import Entity, Finding, Reading

logger = logging.getLogger(__name__)

FAULT = "utter_fault"
FINDINGS = "findings"
FAILED = "findings_failed"  # the lexicon could not read the message
URGENT = (dialogue.URGENT_ADVICE, dialogue.OTHER_CASE, dialogue.FLAG_QUESTION)
PRIORITY = 100


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class SafetyPolicy(Policy):
    """Decides before any other policy; what it cannot decide it leaves to them."""

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": PRIORITY}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, featurizer)
        self._library = library.default()
        engine.install()

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        if tracker.latest_action_name == ACTION_LISTEN_NAME:
            return self._after_message(tracker, domain)
        last = tracker.get_last_event_for(ActionExecuted)
        if _said_nothing(tracker):
            return self._choose(FAULT, domain)
        if last is not None and last.policy and type(self).__name__ in last.policy:
            return self._choose(ACTION_LISTEN_NAME, domain)
        return self._prediction(self._default_predictions(domain))

    def _after_message(
        self, tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        message = tracker.latest_message
        if message is None:
            return self._prediction(self._default_predictions(domain))
        parsed = message.parse_data or {}
        before = Case.from_slots(tracker.current_slot_values())
        reading = reading_of(parsed)
        heard = hearing.hear(before, reading, self._library, message.intent_name)
        action = dialogue.next_action(
            before,
            heard,
            reading,
            message.text or "",
            message.intent_name,
            self._library,
        )
        if parsed.get(FAILED) and action not in URGENT:
            # The words were not read: nothing may be concluded from their silence.
            return self._choose(FAULT, domain)
        if action is None:
            return self._prediction(
                self._default_predictions(domain), events=_slots(before, heard)
            )
        prepared = dialogue.prepare(action, heard, self._library)
        return self._choose(action, domain, events=_slots(before, prepared))

    def _choose(
        self, action: str, domain: Domain, events: list[SlotSet] | None = None
    ) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(
            probabilities, events=events, is_no_user_prediction=True
        )


def reading_of(parse_data: dict[str, Any]) -> Reading:
    """What the findings component put on the message."""
    extras = parse_data.get("reading") or {}
    entities = [e for e in parse_data.get("entities") or [] if "value" in e]
    fields = Entity.__fields__
    return Reading(
        findings=tuple(Finding.parse_obj(f) for f in parse_data.get("findings") or []),
        entities=tuple(
            Entity.parse_obj({k: v for k, v in e.items() if k in fields})
            for e in entities
        ),
        **extras,
    )


def _slots(before: Case, after: Case) -> list[SlotSet]:
    return [SlotSet(name, value) for name, value in after.changes_since(before).items()]


def _said_nothing(tracker: DialogueStateTracker) -> bool:
    """Whether an action ran since the user's message and said nothing: it failed."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            return False
        if isinstance(event, UserUttered):
            # `rasa test` replays stories without running an action or the pipeline.
            return FINDINGS in (event.parse_data or {})
    return False

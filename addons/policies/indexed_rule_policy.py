"""RulePolicy with an index: the same decisions, whatever the number of rules and turns.

stock:   every rule x every state of the conversation, twice for each prediction
here:    rules of this intent and previous action x the states the longest rule has
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.rule_policy import (
    RULES,
    RULES_FOR_LOOP_UNHAPPY_PATH,
    RULES_NOT_IN_STORIES,
    RulePolicy,
)
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from addons.policies.rule_index import RuleIndex, last_states, longest_source


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class IndexedRulePolicy(RulePolicy):
    """Trains as RulePolicy does; what was trained is indexed when it is loaded."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IndexedRulePolicy:
        policy = super().load(
            config, model_storage, resource, execution_context, **kwargs
        )
        policy.index()
        return policy

    def index(self) -> None:
        """Builds the index; the lookup must not change afterwards."""
        lookups = [
            self.lookup.get(kind, {}) for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)
        ]
        self._indexes = {id(lookup): RuleIndex(lookup) for lookup in lookups}
        hidden = self.lookup.get(RULES_NOT_IN_STORIES, [])
        indexes = self._indexes.values()
        # One more than any rule has: a history that long equals none of them.
        self._states_needed = 1 + max(
            longest_source(hidden), *(index.longest for index in indexes)
        )
        self._reads_text = not all(
            index.needs_intent_after_listening for index in indexes
        )

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        self.__dict__.pop("_indexes", None)  # training changes the lookup
        return super().train(training_trackers, domain, **kwargs)

    @property
    def _is_indexed(self) -> bool:
        return hasattr(self, "_indexes")

    def _find_action_from_rules(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool,
    ) -> tuple[str | None, str | None, bool]:
        if self._is_indexed and use_text_for_last_user_input and not self._reads_text:
            return None, None, False
        return super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if not self._is_indexed:
            return super()._prediction_states(
                tracker, domain, use_text_for_last_user_input, rule_only_data
            )
        states = last_states(tracker, domain, self._states_needed)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    def _get_possible_keys(
        self, lookup: dict[str, str], states: list[State]
    ) -> set[str]:
        if not self._is_indexed:
            return super()._get_possible_keys(lookup, states)
        possible = self._indexes[id(lookup)].candidates(states[-1])
        for turn, state in enumerate(reversed(states)):
            possible = [
                key for key in possible if self._is_rule_applicable(key, turn, state)
            ]
        return set(possible)

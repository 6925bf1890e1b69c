"""Finds the rules that could apply without looking at all of them (pure)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    USER,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

State = dict[str, Any]
Anchor = tuple[str | None, str | None]


class RuleIndex:
    """Rule keys by what their last state demands: previous action and intent.

    last state of the conversation: (action_listen, greet)
      -> rules anchored there + at (action_listen, any) + (any, greet) + (any, any)
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys: dict[Anchor, list[str]] = defaultdict(list)
        self.longest = 0
        for key in keys:
            states = json.loads(key)
            self._keys[_anchor(states[-1])].append(key)
            self.longest = max(self.longest, len(states))

    def candidates(self, state: State) -> list[str]:
        """The keys that the last state of a conversation does not rule out."""
        action, intent = _anchor(state)
        if action is None:  # the start of a conversation, where intents do not count
            return [
                key
                for anchor in self._keys
                if anchor[0] is None
                for key in self._keys[anchor]
            ]
        anchors = {(action, intent), (action, None), (None, intent), (None, None)}
        return [key for anchor in anchors for key in self._keys.get(anchor, ())]

    @property
    def needs_intent_after_listening(self) -> bool:
        """Whether every rule that answers a message names its intent.

        Then none can match a message read by its text alone.
        """
        return not any(
            intent is None and action in (ACTION_LISTEN_NAME, None)
            for action, intent in self._keys
        )


def longest_source(sources: Iterable[str]) -> int:
    """The number of states of the longest rule key among prediction sources."""
    longest = 0
    for source in sources:
        if source.startswith("["):  # others are names such as "handling active loops"
            longest = max(longest, len(json.loads(source)))
    return longest


def last_states(
    tracker: DialogueStateTracker, domain: Domain, count: int
) -> list[State]:
    """The last `count` of `tracker.past_states(domain)`, without making the others."""
    applied = tracker.applied_events()
    actions = sum(isinstance(event, ActionExecuted) for event in applied)
    skipped = actions + 1 - count
    states: list[State] = []
    replayed = tracker.init_copy()
    for event in applied:
        if isinstance(event, ActionExecuted):
            if skipped <= 0:
                states.append(domain.get_active_state(replayed))
            skipped -= 1
        replayed.update(event)
    states.append(domain.get_active_state(replayed))
    return states


def _anchor(state: Mapping[str, Any]) -> Anchor:
    return (
        _wanted(state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME)),
        _wanted(state.get(USER, {}).get(INTENT)),
    )


def _wanted(value: object) -> str | None:
    wanted = isinstance(value, str) and value and value != SHOULD_NOT_BE_SET
    return value if wanted else None

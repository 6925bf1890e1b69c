"""Checks what the action server sends with a schema that is itself checked once.

Rasa checks its own, unchanging schema anew for each action that runs: two thirds of
the time of a whole reply. It also tries each event as all 23 kinds there are, where
the event says which it is. What is accepted and refused stays as it is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.utils.schemas.events import EVENT_SCHEMA


def check_schema_once() -> None:
    """From now on all remote actions of this process are checked by `is_valid`."""
    RemoteAction._validate_action_result = is_valid


def is_valid(action: RemoteAction, result: dict[str, Any]) -> bool:
    """True, or a ValidationError, as Rasa's own check."""
    if _is_plainly_valid(result):
        return True
    error = best_match(_validator().iter_errors(result))
    if error is None:
        return True
    error.message += ". The action server must answer with events and responses."
    raise error


def _is_plainly_valid(result: Any) -> bool:
    """Whether all is well; if not, Rasa's whole schema decides and explains."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(response, dict) for response in responses)
        and all(_is_event(event) for event in events)
    )


def _is_event(event: Any) -> bool:
    name = event.get("event") if isinstance(event, dict) else None
    validator = _event_validators().get(name) if isinstance(name, str) else None
    return validator is not None and validator.is_valid(event)


@cache
def _event_validators() -> dict[str, Validator]:
    """For each kind of event its own schema: no other takes an event of that name."""
    return {
        one["properties"]["event"]["const"]: _made({**EVENT_SCHEMA, "oneOf": [one]})
        for one in EVENT_SCHEMA["oneOf"]
    }


@cache
def _validator() -> Validator:
    return _made(RemoteAction.action_response_format_spec())


def _made(schema: dict[str, Any]) -> Validator:
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)

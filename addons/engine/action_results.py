"""Checks what the action server sends with a schema that is itself checked once.

Rasa checks its own, unchanging schema anew for each action that runs: two thirds of
the time of a whole reply. The check of what was sent stays as it is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check_schema_once() -> None:
    """From now on all remote actions of this process are checked by `is_valid`."""
    RemoteAction._validate_action_result = is_valid


def is_valid(action: RemoteAction, result: dict[str, Any]) -> bool:
    """True, or a ValidationError, as Rasa's own check."""
    error = best_match(_validator().iter_errors(result))
    if error is None:
        return True
    error.message += ". The action server must answer with events and responses."
    raise error


@cache
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)

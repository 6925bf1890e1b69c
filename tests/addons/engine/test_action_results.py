"""What the action server sends is checked as Rasa checks it, with less work."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from addons.engine import action_results

ACTION = RemoteAction("action_tell", None)
GOOD: list[dict[str, Any]] = [
    {},
    {"events": [], "responses": []},
    {
        "events": [{"event": "slot", "name": "side", "value": "left"}],
        "responses": [{"text": "Rest it."}],
    },
]
BAD: list[Any] = [
    [],
    {"events": {}},
    {"events": [{"event": "no_such_event"}]},
    {"events": [{"name": "side"}]},
    {"responses": ["text"]},
]
stock_check = RemoteAction._validate_action_result


@pytest.fixture(autouse=True)
def checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check is put in place for one test; the class is as it was afterwards."""
    monkeypatch.setattr(RemoteAction, "_validate_action_result", stock_check)
    action_results.check_schema_once()


@pytest.mark.parametrize("result", GOOD)
def test_a_result_that_rasa_takes_is_taken(result: dict[str, Any]) -> None:
    assert stock_check(ACTION, result)
    assert ACTION._validate_action_result(result)


@pytest.mark.parametrize("result", BAD)
def test_a_result_that_rasa_refuses_is_refused(result: Any) -> None:
    with pytest.raises(ValidationError):
        stock_check(ACTION, result)
    with pytest.raises(ValidationError, match="The action server must answer"):
        ACTION._validate_action_result(result)


def test_the_schema_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type(action_results._validator())
    monkeypatch.setattr(kind, "check_schema", lambda *_: pytest.fail("checked again"))
    assert ACTION._validate_action_result(GOOD[-1])

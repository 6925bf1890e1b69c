"""Events are found by their names as Rasa finds them, with one search for each."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.utils.common import all_subclasses

from addons.engine import event_kinds


@pytest.fixture(autouse=True)
def searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method is replaced for one test; the class is as it was afterwards."""
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(event_kinds.search))
    monkeypatch.setattr(event_kinds, "KNOWN", {})
    event_kinds.search_once()


def test_every_kind_is_the_one_that_rasa_finds() -> None:
    for kind in all_subclasses(Event):
        for _ in range(2):
            found = Event.resolve_by_type(kind.type_name)
            assert found is event_kinds.search(kind.type_name)


def test_an_unknown_name_is_an_error_or_the_default_each_time() -> None:
    for _ in range(2):
        assert Event.resolve_by_type("nonsense", SlotSet) is SlotSet
        with pytest.raises(ValueError, match="nonsense"):
            Event.resolve_by_type("nonsense")


def test_a_known_name_is_not_searched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Event.resolve_by_type("slot") is SlotSet
    monkeypatch.setattr(event_kinds, "search", lambda *_: pytest.fail("searched again"))
    assert Event.from_parameters({"event": "slot", "name": "a", "value": 1})

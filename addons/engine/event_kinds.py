"""Which class an event has by its name, looked up once.

Rasa walks through all its classes for each event that comes from outside.
"""

from __future__ import annotations

from rasa.shared.core.events import Event

KNOWN: dict[str, type[Event]] = {}

search = Event.resolve_by_type


def search_once() -> None:
    """From now on names of events are looked up by `resolve_by_type`."""
    Event.resolve_by_type = staticmethod(resolve_by_type)


def resolve_by_type(
    type_name: str, default: type[Event] | None = None
) -> type[Event] | None:
    """The class; the default, or an error as in Rasa, where there is none."""
    if type_name not in KNOWN:
        found = search(type_name, default)
        if found is None or found.type_name != type_name:
            return found
        KNOWN[type_name] = found
    return KNOWN[type_name]

"""A tracker store whose turns cost the same after a thousand turns as after ten.

turn ... turn | turn x 5..10            events: kept whole, for the full history
              ^ snapshot: all slots, loop, latest message and action
                `retrieve` reads one snapshot and the turns after it
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    Event,
    SessionStarted,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from sqlalchemy.engine import Connection

from addons.stores import snapshot, tables
from wrist import clock
from wrist.hearing import FORGET_AFTER

TURNS_BETWEEN_SNAPSHOTS = 5
SNAPSHOTS_KEPT = 2
ERASE_SLOT = "erase"
CONSENT_SLOT = "consent"
UNUSED_SECONDS = FORGET_AFTER.total_seconds()
PURGE_EVERY_SECONDS = 3600
STORED = "stored_event_count"  # on a tracker: how many of its events need no saving


class BoundedTrackerStore(SQLTrackerStore):
    """SQLTrackerStore with bounded reading, erasing and forgetting.

    - `retrieve` gives the last 5 to 10 turns on top of a snapshot of everything before;
    - a conversation whose slot `erase` is true is deleted instead of saved;
    - one whose slot `consent` is not true is deleted when unused for 12 hours.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        **settings: Any,
    ) -> None:
        if url:
            settings["host"] = url  # where stock takes a whole address
        elif settings.get("dialect", "sqlite") == "sqlite" and settings.get("db"):
            Path(settings["db"]).absolute().parent.mkdir(parents=True, exist_ok=True)
        super().__init__(domain=domain, event_broker=event_broker, **settings)
        self.engine = tables.prepare(self.engine)
        self.sessionmaker.configure(bind=self.engine)
        self._next_purge = 0.0

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as policies need it: its state and its last turns."""
        with self.engine.connect() as connection:
            due = tables.is_forgotten(connection, sender_id, self._unused_since())
            base, state = tables.older_snapshot(connection, sender_id)
            rows = tables.events_after(connection, sender_id, base)
        if due:
            self._delete([sender_id])
        if due or (not rows and state is None):
            return None
        stored = _since_session_start(_events(_parsed(rows)))
        begins = stored and isinstance(stored[0], SessionStarted)
        prefix: list[Event] = []
        if state is not None and not begins:
            known = {slot.name for slot in self.domain.slots}
            prefix = snapshot.replay(json.loads(state), known)
        tracker = DialogueStateTracker.from_events(
            sender_id, [*prefix, *stored], self.domain.slots
        )
        setattr(tracker, STORED, len(tracker.events))
        return tracker

    async def retrieve_full_tracker(
        self, conversation_id: str
    ) -> DialogueStateTracker | None:
        """Every event there ever was, for the history and for exports."""
        with self.engine.connect() as connection:
            due = tables.is_forgotten(connection, conversation_id, self._unused_since())
        if due:
            self._delete([conversation_id])
        return await super().retrieve_full_tracker(conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds the new events and, now and then, a snapshot; or erases everything."""
        now = clock.now().timestamp()
        if _is_true(tracker, ERASE_SLOT):
            self._delete([tracker.sender_id])
        else:
            with self.engine.begin() as connection:
                new = self._new_events(connection, tracker)
                self._write(connection, tracker, new, now)
            if self.event_broker is not None:
                await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        setattr(tracker, STORED, len(tracker.events))
        self._purge(now)

    def _write(
        self,
        connection: Connection,
        tracker: DialogueStateTracker,
        new: list[Event],
        now: float,
    ) -> None:
        sender = tracker.sender_id
        tables.add_events(connection, sender, new)
        turns = tables.touch(
            connection,
            sender,
            consent=_is_true(tracker, CONSENT_SLOT),
            now=now,
            turns=sum(isinstance(event, UserUttered) for event in new),
        )
        if new and turns >= TURNS_BETWEEN_SNAPSHOTS:
            state = json.dumps(snapshot.take(tracker))
            tables.add_snapshot(connection, sender, state, keep=SNAPSHOTS_KEPT)

    def _new_events(
        self, connection: Connection, tracker: DialogueStateTracker
    ) -> list[Event]:
        """Events that are not stored: those after what `retrieve` gave.

        A tracker that came from elsewhere does not know; then the younger ones.
        """
        stored = getattr(tracker, STORED, None)
        every = list(tracker.events)
        if stored is not None:
            return every[stored:]
        latest = tables.latest_timestamp(connection, tracker.sender_id)
        return [event for event in every if latest is None or event.timestamp > latest]

    def _purge(self, now: float) -> None:
        """Deletes what nobody consented to keep and nobody used, once an hour."""
        if now < self._next_purge:
            return
        self._next_purge = now + PURGE_EVERY_SECONDS
        with self.engine.connect() as connection:
            forgotten = tables.forgotten(connection, self._unused_since())
        self._delete(forgotten)

    def _delete(self, senders: list[str]) -> None:
        if senders:
            with self.engine.begin() as connection:
                tables.delete(connection, senders)
            tables.empty_log(self.engine)

    @staticmethod
    def _unused_since() -> float:
        return clock.now().timestamp() - UNUSED_SECONDS


def _parsed(rows: Iterable[str]) -> list[dict[str, Any]]:
    return [json.loads(row) for row in rows]


@cache
def _event_classes() -> dict[str, type[Event]]:
    """Rasa walks all its classes for each event; their names do not change."""
    return {kind.type_name: kind for kind in all_subclasses(Event)}


def _events(rows: list[dict[str, Any]]) -> list[Event]:
    """Stored events; one of an unknown kind fails as it does in Rasa."""
    classes = _event_classes()
    return [
        classes[row["event"]]._from_parameters(row)
        if row["event"] in classes
        else deserialise_events([row])[0]
        for row in rows
    ]


def _since_session_start(stored: list[Event]) -> list[Event]:
    for index in range(len(stored) - 1, -1, -1):
        if isinstance(stored[index], SessionStarted):
            return stored[index:]
    return stored


def _is_true(tracker: DialogueStateTracker, name: str) -> bool:
    slot = tracker.slots.get(name)
    return slot is not None and slot.value is True

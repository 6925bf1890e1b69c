"""A tracker store whose turns cost the same after a thousand turns as after ten.

turn ... turn | turn x 3..6             events: kept whole, for the full history
              ^ snapshot: all slots, loop, latest message and action
                `retrieve` reads one snapshot and the turns after it
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from pathlib import Path
from typing import Any, NamedTuple

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
from sqlalchemy.engine import Connection

from addons.stores import snapshot, tables
from wrist import clock
from wrist.hearing import FORGET_AFTER

logger = logging.getLogger(__name__)

TURNS_BETWEEN_SNAPSHOTS = 3
SNAPSHOTS_KEPT = 2
ERASE_SLOT = "erase"
CONSENT_SLOT = "consent"
UNUSED_SECONDS = FORGET_AFTER.total_seconds()
PURGE_EVERY_SECONDS = 3600
MOST_UNSAVED = 1_000  # conversations that wait in memory
STORED = "stored"  # on a tracker: what of it is stored


class Stored(NamedTuple):
    """What the store knows of a tracker that it gave or saved."""

    events: int  # how many of them need no saving
    turns: int  # since the latest snapshot


class BoundedTrackerStore(SQLTrackerStore):
    """SQLTrackerStore with bounded reading, erasing and forgetting.

    - `retrieve` gives the last 3 to 6 turns on top of a snapshot of everything before;
    - a conversation whose slot `erase` is true is deleted instead of saved;
    - one whose slot `consent` is not true is deleted when unused for 12 hours;
    - what cannot be written waits in memory, and goes on from there.
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
        self._unsaved: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as policies need it: its state and its last turns."""
        if sender_id in self._unsaved:  # the file knows less than this process
            return self._unsaved[sender_id]
        with self.engine.connect() as connection:
            known = tables.conversation(connection, sender_id)
            base = known.base if known else None
            rows = tables.events_after(connection, sender_id, base or 0)
        if known and known.is_forgotten(self._unused_since()):
            self._delete([sender_id])
            return None
        state = known.state if known else None
        if not rows and state is None:
            return None
        stored = _since_session_start(
            deserialise_events([json.loads(row) for row in rows])
        )
        begins = stored and isinstance(stored[0], SessionStarted)
        prefix: list[Event] = []
        if state is not None and not begins:
            slots = {slot.name for slot in self.domain.slots}
            prefix = snapshot.replay(json.loads(state), slots)
        tracker = DialogueStateTracker.from_events(
            sender_id, [*prefix, *stored], self.domain.slots
        )
        turns = known.turns if known else 0
        setattr(tracker, STORED, Stored(len(tracker.events), turns))
        return tracker

    async def retrieve_full_tracker(
        self, conversation_id: str
    ) -> DialogueStateTracker | None:
        """Every event there ever was, for the history and for exports."""
        with self.engine.connect() as connection:
            known = tables.conversation(connection, conversation_id)
        if known and known.is_forgotten(self._unused_since()):
            self._delete([conversation_id])
        return await super().retrieve_full_tracker(conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Stores what is new, or keeps it in memory until that is possible again."""
        self._unsaved.pop(tracker.sender_id, None)
        waiting = [tracker, *self._unsaved.values()]
        for number, one in enumerate(waiting):
            try:
                await self._save(one)
            except Exception as error:
                # The text of the error quotes what was to be stored.
                logger.error("Not stored, kept in memory: %s", type(error).__name__)
                self._wait_with(waiting[number:])
                return
            self._unsaved.pop(one.sender_id, None)

    def _wait_with(self, trackers: list[DialogueStateTracker]) -> None:
        for tracker in trackers:
            self._unsaved[tracker.sender_id] = tracker
        while len(self._unsaved) > MOST_UNSAVED:
            self._unsaved.popitem(last=False)
            logger.error("A conversation that could not be stored had to be forgotten")

    async def _save(self, tracker: DialogueStateTracker) -> None:
        """Adds the new events and, now and then, a snapshot; or erases everything."""
        now, turns = clock.now().timestamp(), 0
        new: list[Event] = []
        if _is_true(tracker, ERASE_SLOT):
            self._delete([tracker.sender_id])
        else:
            with self.engine.begin() as connection:
                new = self._new_events(connection, tracker)
                turns = self._write(connection, tracker, new, now)
        # Before anything else can fail: what is stored must not be stored again.
        setattr(tracker, STORED, Stored(len(tracker.events), turns))
        if new and self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        self._purge(now)

    def _write(
        self,
        connection: Connection,
        tracker: DialogueStateTracker,
        new: list[Event],
        now: float,
    ) -> int:
        """Saves what is new; gives the turns since the latest snapshot."""
        sender = tracker.sender_id
        more = sum(isinstance(event, UserUttered) for event in new)
        tables.add_events(connection, sender, new)
        consent = _is_true(tracker, CONSENT_SLOT)
        tables.touch(connection, sender, consent=consent, now=now, turns=more)
        stored: Stored | None = getattr(tracker, STORED, None)
        turns = (
            stored.turns + more
            if stored
            else tables.turns_since_snapshot(connection, sender)
        )
        if not new or turns < TURNS_BETWEEN_SNAPSHOTS:
            return turns
        state = json.dumps(snapshot.take(tracker))
        tables.add_snapshot(connection, sender, state, keep=SNAPSHOTS_KEPT)
        return 0

    def _new_events(
        self, connection: Connection, tracker: DialogueStateTracker
    ) -> list[Event]:
        """Events that are not stored: those after what `retrieve` gave.

        A tracker that came from elsewhere does not know; then the younger ones.
        """
        stored: Stored | None = getattr(tracker, STORED, None)
        every = list(tracker.events)
        if stored is not None:
            return every[stored.events :]
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


def _since_session_start(stored: list[Event]) -> list[Event]:
    for index in range(len(stored) - 1, -1, -1):
        if isinstance(stored[index], SessionStarted):
            return stored[index:]
    return stored


def _is_true(tracker: DialogueStateTracker, name: str) -> bool:
    slot = tracker.slots.get(name)
    return slot is not None and slot.value is True

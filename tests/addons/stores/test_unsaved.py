"""What cannot be written or read now is kept, and lost to nobody."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core import events
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import OperationalError

from addons.engine import loud_store
from addons.stores import bounded_tracker_store, tables
from tests.addons.stores.talks import DOMAIN, begun, bounded, message


def locked(folder: Path) -> sqlite3.Connection:
    """Somebody else who holds the file and lets nobody write."""
    other = sqlite3.connect(folder / "b" / "c.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


def said(tracker: DialogueStateTracker | None) -> list[str | None]:
    heard = tracker.events if tracker else ()
    return [one.text for one in heard if isinstance(one, events.UserUttered)]


def test_a_turn_that_cannot_be_written_is_kept_and_written_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def talk() -> None:
        store = bounded(tmp_path)
        tracker = begun("ann", "first")
        await store.save(tracker)
        other = locked(tmp_path)
        tracker = await store.retrieve("ann")
        assert tracker is not None
        tracker.update(message("my fingers are blue", "inform"), DOMAIN)
        tracker.update(events.SlotSet("side", "left"), DOMAIN)
        await store.save(tracker)
        meanwhile = await store.retrieve("ann")
        assert said(meanwhile) == ["first", "my fingers are blue"]
        other.execute("ROLLBACK")
        await store.save(begun("bob", "hello"))
        fresh = await bounded(tmp_path).retrieve("ann")
        assert said(fresh) == ["first", "my fingers are blue"]
        assert fresh is not None and fresh.get_slot("side") == "left"

    asyncio.run(talk())
    assert "OperationalError" in caplog.text
    assert "blue" not in caplog.text


def test_what_was_to_be_erased_while_locked_is_erased_later(tmp_path: Path) -> None:
    async def talk() -> None:
        store = bounded(tmp_path)
        tracker = begun("ann", "first")
        await store.save(tracker)
        other = locked(tmp_path)
        tracker.update(events.SlotSet("erase", True), DOMAIN)
        await store.save(tracker)
        other.execute("ROLLBACK")
        await store.save(begun("bob", "hello"))
        assert await bounded(tmp_path).retrieve("ann") is None

    asyncio.run(talk())


def test_waiting_conversations_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_tracker_store, "MOST_UNSAVED", 2)
    monkeypatch.setattr(tables, "add_events", broken)

    async def talk() -> None:
        store = bounded(tmp_path)
        for name in ("ann", "bob", "cem"):
            await store.save(begun(name, name))
        assert await store.retrieve("ann") is None
        assert said(await store.retrieve("cem")) == ["cem"]

    asyncio.run(talk())


def test_a_broker_that_fails_makes_no_turn_stand_twice(tmp_path: Path) -> None:
    class Deaf:
        def publish(self, event: dict[str, Any]) -> None:
            raise ConnectionError

    async def talk() -> None:
        store = bounded(tmp_path)
        tracker = begun("ann", "first")
        await store.save(tracker)
        for text, broker in (("second", Deaf()), ("third", None)):
            store.event_broker = broker
            tracker.update(message(text, "greet"), DOMAIN)
            await store.save(tracker)
        stored = await bounded(tmp_path).retrieve("ann")
        assert said(stored) == ["first", "second", "third"]

    asyncio.run(talk())


def broken(*anything: object) -> None:
    raise OSError("no space")


def test_a_store_that_cannot_be_read_is_no_empty_conversation(tmp_path: Path) -> None:
    loud_store.hear_failures()
    store = bounded(tmp_path)
    store.engine.dispose()
    with sqlite3.connect(tmp_path / "b" / "c.db") as other:
        other.execute("DROP TABLE conversations")
    with pytest.raises(OperationalError):
        asyncio.run(FailSafeTrackerStore(store).retrieve("ann"))

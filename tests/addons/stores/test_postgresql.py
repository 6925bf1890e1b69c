"""The same store on a real PostgreSQL server, for `make test-services`."""

import os
import random

import pytest
import sqlalchemy as sa
from rasa.shared.core import events

from addons.stores.bounded_tracker_store import BoundedTrackerStore
from tests.addons.stores.test_bounded_tracker_store import DOMAIN, say, start, turn

ADDRESS = "POSTGRES_URL"

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not os.environ.get(ADDRESS), reason=f"{ADDRESS} is not set"),
]


async def test_a_conversation_is_kept_and_erased_on_postgresql() -> None:
    store = BoundedTrackerStore(DOMAIN, url=os.environ[ADDRESS])
    sender, rng = f"test-{random.random()}", random.Random(1)
    await say(store, [*start(), events.SlotSet("consent", True)], sender)
    for _ in range(30):
        await say(store, turn(rng), sender)
    tracker = await store.retrieve(sender)
    full = await store.retrieve_full_tracker(sender)
    assert tracker is not None
    assert full is not None
    assert len(tracker.events) < 150 < len(full.events)
    indexes = sa.inspect(store.engine).get_indexes("events")
    assert "ix_events_sender_id_id" in [index["name"] for index in indexes]
    await say(store, [events.SlotSet("erase", True)], sender)
    assert await store.retrieve_full_tracker(sender) is None

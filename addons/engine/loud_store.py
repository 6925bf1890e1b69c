"""A store that cannot be read is an error, not a conversation that never was.

Rasa logs the error, which quotes what was said, and goes on with an empty tracker:
somebody who was sent to hospital a minute ago would be greeted like a stranger.
"""

from __future__ import annotations

from functools import wraps

from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


def hear_failures() -> None:
    """From now on a read that fails reaches the channel, which says that it failed."""
    FailSafeTrackerStore.retrieve = retrieve


@wraps(FailSafeTrackerStore.retrieve)
async def retrieve(
    store: FailSafeTrackerStore, sender_id: str
) -> DialogueStateTracker | None:
    return await store._tracker_store.retrieve(sender_id)

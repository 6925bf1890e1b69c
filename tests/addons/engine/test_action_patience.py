"""A server that hangs keeps nobody waiting."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.core.actions import action
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from addons.engine import action_patience


def test_an_action_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "DEFAULT_REQUEST_TIMEOUT", 300)
    monkeypatch.setattr(action_patience, "SECONDS", 0.2)
    action_patience.wait_less()

    async def run() -> None:
        listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        with pytest.raises(asyncio.TimeoutError):
            await action.RemoteAction("action_tell", EndpointConfig(url)).run(
                CollectingOutputChannel(),
                TemplatedNaturalLanguageGenerator({}),
                DialogueStateTracker.from_events("someone", []),
                Domain.empty(),
            )
        listening.close()

    began = time.monotonic()
    asyncio.run(asyncio.wait_for(run(), 20))
    assert time.monotonic() - began < 15  # Rasa's own patience is five minutes


def test_nobody_waits_longer_than_a_few_seconds() -> None:
    assert action_patience.SECONDS <= 5

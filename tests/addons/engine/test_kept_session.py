"""Requests to the action server share a connection, and outlive one that was closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from addons.engine import kept_session


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method is replaced for one test; the class is as it was afterwards."""
    monkeypatch.setattr(EndpointConfig, "session", kept_session.open_session)
    kept_session.keep_sessions()


@asynccontextmanager
async def server(ports: list[int], port: int = 0) -> AsyncIterator[EndpointConfig]:
    """Answers with what it was sent and notes from which port it was asked."""

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.append(request.transport.get_extra_info("peername")[1])
        if request.headers.get("x-key") != "secret":
            return web.Response(status=403)
        return web.json_response(await request.json())

    application = web.Application()
    application.router.add_post("/webhook", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    address = runner.addresses[0]
    url = f"http://127.0.0.1:{address[1]}/webhook"
    try:
        yield EndpointConfig(url, headers={"x-key": "secret"})
    finally:
        await runner.cleanup()


def test_all_requests_share_one_connection() -> None:
    ports: list[int] = []

    async def talk() -> None:
        async with server(ports) as endpoint:
            for number in range(3):
                assert await endpoint.request(json={"n": number}) == {"n": number}

    asyncio.run(talk())
    assert len(ports) == 3 and len(set(ports)) == 1


def test_an_action_server_that_was_restarted_is_reached_again() -> None:
    ports: list[int] = []

    async def talk() -> None:
        async with server(ports) as endpoint:
            await endpoint.request(json={})
            port = int(endpoint.url.split(":")[2].split("/")[0])
        with pytest.raises(aiohttp.ClientConnectionError):
            await endpoint.request(json={})
        async with server(ports, port):
            assert await endpoint.request(json={"n": 1}) == {"n": 1}

    asyncio.run(talk())
    assert len(ports) == 2


def test_another_event_loop_gets_a_session_of_its_own() -> None:
    endpoint = EndpointConfig("http://127.0.0.1:1/webhook")

    async def find() -> aiohttp.ClientSession:
        async with endpoint.session() as session:
            assert not session.closed
        async with endpoint.session() as again:
            assert again is session and not session.closed
        return session

    assert asyncio.run(find()) is not asyncio.run(find())


def test_what_the_server_refuses_is_still_an_error() -> None:
    ports: list[int] = []

    async def talk() -> None:
        async with server(ports) as endpoint:
            other = EndpointConfig(endpoint.url)
            with pytest.raises(ClientResponseError, match="403"):
                await other.request(json={})

    asyncio.run(talk())

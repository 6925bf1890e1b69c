"""Keeps the connection to the action server open from one message to the next.

Rasa opens a session and a connection for each action that runs.
"""

from __future__ import annotations

import asyncio
import atexit
from contextlib import nullcontext

import aiohttp
import ujson
from rasa.utils.endpoints import EndpointConfig

KEPT = "_kept_session"  # on an endpoint
# The action server closes what is idle for 5 s; nothing may be sent at that moment.
IDLE_SECONDS = 2.0

open_session = EndpointConfig.session


def keep_sessions() -> None:
    """From now on all endpoints of this process are asked through `session`."""
    EndpointConfig.session = session


def session(endpoint: EndpointConfig) -> nullcontext[aiohttp.ClientSession]:
    """The session of this endpoint and event loop; leaving it does not close it."""
    loop = asyncio.get_running_loop()
    kept_loop, kept = endpoint.__dict__.get(KEPT, (None, None))
    if kept is None or kept.closed or kept_loop is not loop:
        kept = _open(endpoint)
        endpoint.__dict__[KEPT] = loop, kept
    return nullcontext(kept)


def _open(endpoint: EndpointConfig) -> aiohttp.ClientSession:
    made = open_session(endpoint)
    connector = aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS)
    kept = aiohttp.ClientSession(
        headers=made.headers,
        auth=made.auth,
        timeout=made.timeout,
        connector=connector,
        json_serialize=ujson.dumps,
    )
    made.connector.close()  # nothing was asked through it
    atexit.register(connector.close)
    return kept

"""A client that costs little itself: latencies and messages a second over loopback."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

FAULT = "fault"  # the content item of that answer
TURNS = 10  # then somebody else begins a conversation


@dataclass(frozen=True)
class Latency:
    """Milliseconds of many requests."""

    p50: float
    p95: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latency:
        return cls(percentile(seconds, 50), percentile(seconds, 95), len(seconds))


def percentile(seconds: Sequence[float], share: float) -> float:
    """The smallest value that so many percent do not exceed, in milliseconds."""
    ordered = sorted(seconds)
    rank = max(0, -(-len(ordered) * share // 100) - 1)
    return 1000 * ordered[int(rank)]


class Caller:
    """One kept-open connection to a server."""

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            address.hostname or "127.0.0.1", address.port, timeout=120
        )
        self._token = token
        self.faults = 0  # answers that only say that something went wrong
        self._headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
        }

    def post(self, path: str, body: Any) -> Any:
        return self._request("POST", path, json.dumps(body).encode())

    def _request(self, method: str, path: str, data: bytes | None = None) -> Any:
        self._connection.request(method, path, data, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} gave {answer.status}: {content[:200]!r}")
        return json.loads(content)

    def say(self, sender: str, text: str) -> Any:
        message = {"sender": sender, "message": text}
        answers = self.post("/webhooks/rest/webhook", message)
        self.faults += any(
            FAULT in (one.get("custom") or {}).get("items", ()) for one in answers
        )
        return answers

    def parse(self, text: str) -> Any:
        return self.post(f"/model/parse?token={quote(self._token)}", {"text": text})

    def ask_version(self, _: str = "") -> Any:
        """A request that the server answers without thinking: the way to it alone."""
        return self._request("GET", "/version")

    def close(self) -> None:
        self._connection.close()


def time_each(call: Callable[[str], Any], texts: Iterable[str]) -> list[float]:
    """Seconds of each call."""
    seconds = []
    for text in texts:
        started = time.perf_counter()
        call(text)
        seconds.append(time.perf_counter() - started)
    return seconds


def time_replies(caller: Caller, texts: Iterable[str]) -> list[float]:
    """Seconds of each whole reply, in conversations of ten turns."""
    seconds = []
    for number, text in enumerate(texts):
        if number % TURNS == 0:
            sender = f"bench-{uuid.uuid4().hex}"
        started = time.perf_counter()
        caller.say(sender, text)
        seconds.append(time.perf_counter() - started)
    return seconds


def messages_a_second(
    url: str, token: str, texts: Sequence[str], senders: int
) -> float:
    """How many replies a second come when so many people write at once."""
    shares = [texts[number::senders] for number in range(senders)]
    start = threading.Barrier(senders + 1)
    failures: list[Exception] = []

    def talk(share: Sequence[str]) -> None:
        caller = Caller(url, token)
        start.wait()
        try:
            time_replies(caller, share)
        except Exception as error:
            failures.append(error)
        finally:
            caller.close()

    threads = [threading.Thread(target=talk, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    start.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return len(texts) / (time.perf_counter() - started)

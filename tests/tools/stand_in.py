"""A small HTTP server on loopback that speaks the part of the contract that REST is."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

PATH = "/webhooks/rest/webhook"
GREETING = {
    "text": "Hello. I am a computer program, not a clinician.",
    "buttons": [
        {"title": "My wrist hurts", "payload": "my wrist hurts"},
        {"title": "Privacy", "payload": "privacy please"},
    ],
    "custom": {"items": ["greet"]},
}


class StandIn:
    """What is answered to which message, and what was received."""

    def __init__(self) -> None:
        self.token = "secret"
        self.replies: dict[str, list[dict[str, Any]]] = {"hello": [GREETING]}
        self.received: list[dict[str, str]] = []
        self.status = 200
        self.error: dict[str, Any] | None = None
        self.delay = 0.0
        self.url = ""

    @property
    def said(self) -> list[str]:
        return [one["message"] for one in self.received]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a client on a colour terminal in the UK."""
        own = {"HOST": "127.0.0.1", "PORT": str(self.port), "RASA_TOKEN": self.token}
        return {**own, "REGION": "uk", "TERM": "xterm"}

    def answer(self, path: str, token: str, body: bytes) -> tuple[int, Any]:
        time.sleep(self.delay)
        if path != PATH:
            return 404, {"error": "no such page"}
        if token != f"Bearer {self.token}":
            return 401, {"error": {"code": "not_authorized", "message": "no"}}
        if self.status != 200:
            return self.status, self.error
        message = json.loads(body)
        self.received.append(message)
        default = [{"text": f"You said: {message['message']}"}]
        return 200, self.replies.get(message["message"], default)


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """A running stand-in."""
    script = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, {"status": "ok"})

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            token = self.headers.get("authorization", "")
            self._send(*script.answer(self.path, token, self.rfile.read(length)))

        def _send(self, status: int, body: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()

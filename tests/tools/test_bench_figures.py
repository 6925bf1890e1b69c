"""Figures of the bench: percentiles, targets, tables and plots."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tools.bench import report, targets
from tools.bench.client import (
    Caller,
    Latency,
    messages_a_second,
    percentile,
    time_replies,
)

LATENCY = {
    "ours": {"empty": 0.5, "parse": 2.0, "reply": 5.0},
    "stock": {"empty": 0.5, "parse": 20.0, "reply": 40.0},
    "floor": {"empty": 0.5, "parse": 1.0, "reply": 3.0},
}
FOUND: dict[str, Any] = {
    "speed": {
        name: {kind: {"p50": ms, "p95": 1.5 * ms} for kind, ms in kinds.items()}
        for name, kinds in LATENCY.items()
    },
    "training": {"ours": {"seconds": 30.0}, "stock": {"seconds": 1000.0}},
    "added_example": {"ours": {"seconds": 20.0}, "floor": {"seconds": 12.0}},
    "accuracy": {
        "ours": {"intents": 0.9, "questions": 0.9},
        "stock": {"intents": 0.8, "questions": 0.7},
    },
    "starting": {
        "ours": {"pss": 600.0, "rss": 650.0, "seconds": 10.0, "processes": 3},
        "stock": {"pss": 1000.0, "rss": 1000.0, "seconds": 20.0, "processes": 1},
    },
    "over_intents": {
        "parse": {"10": 1.0, "300": 1.2},
        "reply": {"10": 5.0, "300": 8.0},
    },
    "over_turns": {"10": 5.0, "1000": 6.0},
}


class Handler(BaseHTTPRequestHandler):
    """Answers anything with `answer`."""

    protocol_version = "HTTP/1.1"
    answer: bytes = b"[]"

    def do_GET(self) -> None:
        self._send(200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(200 if "fail" not in self.path else 500)

    def _send(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_percentiles_are_values_that_were_measured() -> None:
    seconds = [number / 1000 for number in range(1, 101)]
    assert percentile(seconds, 50) == 50
    assert percentile(seconds, 95) == 95
    assert percentile([0.003], 95) == 3
    assert Latency.of([0.002, 0.001]).p50 == 1


def test_each_message_is_timed(url: str) -> None:
    caller = Caller(url, "token")
    assert len(time_replies(caller, ["a"] * 12)) == 12
    caller.close()


def test_many_senders_share_the_messages(url: str) -> None:
    assert messages_a_second(url, "token", ["a"] * 20, 4) > 0


def test_the_way_to_the_server_is_asked_for_without_a_message(url: str) -> None:
    caller = Caller(url, "token")
    assert caller.ask_version() == []
    caller.close()


def test_replies_that_only_say_that_they_failed_are_counted(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = Caller(url, "token")
    caller.say("me", "hello")
    assert caller.faults == 0
    failed = [{"text": "Sorry", "custom": {"items": ["fault"]}}]
    monkeypatch.setattr(Handler, "answer", json.dumps(failed).encode())
    caller.say("me", "hello")
    assert caller.faults == 1
    caller.close()


def test_an_error_of_the_server_is_no_figure(url: str) -> None:
    with pytest.raises(RuntimeError, match="500"):
        Caller(url, "token").post("/fail", {})


def test_only_what_is_too_slow_is_missed() -> None:
    goals = targets.judge(FOUND)
    assert len(goals) == 12
    missed = [goal.name for goal in goals if not goal.met]
    assert missed == ["growth of a whole reply, by intents, at most 1.5 times"]


def test_parts_that_were_not_measured_are_not_judged() -> None:
    assert targets.judge({"rounds": 5}) == []
    assert len(targets.judge({"speed": {"ours": FOUND["speed"]["ours"]}})) == 0


def test_everything_is_written(tmp_path: Path) -> None:
    table = report.side_by_side(FOUND)
    assert table.row_count == 13
    paths = report.save(FOUND, targets.judge(FOUND), tmp_path)
    assert [path.name for path in paths] == [
        "bench.json",
        "bench_systems.png",
        "bench_curves.png",
    ]
    assert all(path.stat().st_size for path in paths)

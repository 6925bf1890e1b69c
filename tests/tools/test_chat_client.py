"""Every way in which a server can fail to answer is one clear line."""

from collections.abc import Iterator

import pytest

from tests.tools.stand_in import GREETING, StandIn, stand_in
from tools import chat_client
from tools.chat_client import Assistant, Unanswered
from tools.environment import Problem


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


def fault(server: StandIn, token: str = "secret") -> Problem:
    with pytest.raises(Problem) as problem:
        Assistant(server.url, token, "me").send("hello")
    assert "\n" not in str(problem.value)
    return problem.value


def test_a_message_and_its_sender_arrive_and_the_reply_comes_back(
    server: StandIn,
) -> None:
    assert Assistant(server.url, "secret", "me").send("hello") == [GREETING]
    assert server.received == [{"sender": "me", "message": "hello"}]


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_token_that_is_not_accepted_is_named(server: StandIn, token: str) -> None:
    problem = fault(server, token)
    assert "RASA_TOKEN" in str(problem)
    assert not isinstance(problem, Unanswered)


def test_a_server_that_is_down_ends_the_talk() -> None:
    with stand_in() as server:
        pass
    problem = fault(server)
    assert "is down" in str(problem)
    assert not isinstance(problem, Unanswered)


def test_a_slow_server_can_be_asked_again(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_client, "REPLY_PATIENCE", 0.1)
    server.delay = 0.5
    problem = fault(server)
    assert isinstance(problem, Unanswered)
    assert "No answer" in str(problem)


def test_what_the_server_asks_for_is_passed_on(server: StandIn) -> None:
    server.status, server.error = 413, {"error": {"code": "x", "message": "Shorter."}}
    problem = fault(server)
    assert isinstance(problem, Unanswered)
    assert "Shorter." in str(problem)


def test_a_failing_server_can_be_asked_again(server: StandIn) -> None:
    server.status = 500
    assert isinstance(fault(server), Unanswered)


def test_an_empty_reply_is_no_reply(server: StandIn) -> None:
    server.replies["hello"] = []
    assert isinstance(fault(server), Unanswered)


def test_another_program_on_the_port_is_not_taken_for_the_assistant(
    server: StandIn,
) -> None:
    server.status = 404
    assert "not Wristwise" in str(fault(server))

"""The REST channel refuses what it cannot handle and never answers with nothing."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any, NamedTuple

import httpx
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Sanic

from addons.channels import fault
from addons.channels.incoming import MOST_BYTES, MOST_CHARACTERS, sign
from addons.channels.rest import RestChannel
from wrist.content_file import ContentError


class Bot:
    """Stands for Rasa: remembers the messages and says what it is told to say."""

    def __init__(
        self,
        *says: dict[str, Any],
        error: Exception | None = None,
        silent_at: str | None = None,
    ) -> None:
        self.says = says
        self.error = error
        self.silent_at = silent_at
        self.heard: list[UserMessage] = []

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        for one in self.says if message.text != self.silent_at else ():
            await message.output_channel.send_response(message.sender_id, dict(one))
        if self.error:
            raise self.error


class Answer(NamedTuple):
    status: int
    body: Any


def post(
    bot: Bot,
    body: object,
    *,
    channel: RestChannel | None = None,
    authorization: str | None = None,
) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {} if authorization is None else {"authorization": authorization}
    request: Any = SimpleNamespace(body=content, headers=headers)
    response = asyncio.run((channel or RestChannel()).receive(request, bot))
    return Answer(response.status, json.loads(response.body or b"null"))


def say(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, **more}


def test_one_object_for_each_message_however_it_is_built() -> None:
    card = {"type": "care_card", "items": ["rf_deformity"]}
    buttons = [{"title": "Yes", "payload": "yes"}]
    bot = Bot(say("One.\n\nTwo.", buttons=buttons, custom=card), say("Three."))
    answer = post(bot, {"sender": "ann", "message": "hi"})
    assert answer.status == 200
    assert answer.body == [
        {
            "recipient_id": "ann",
            "text": "One.\n\nTwo.",
            "buttons": buttons,
            "custom": card,
        },
        {"recipient_id": "ann", "text": "Three."},
    ]


def test_a_card_is_never_sent_alone() -> None:
    bot = Bot({"text": None, "custom": {"type": "chart"}}, say("Here."))
    answer = post(bot, {"sender": "ann", "message": "hi"})
    assert [one["text"] for one in answer.body] == ["Here."]


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"",
        b"[" * 5000,
        [],
        "text",
        {"message": "hi"},
        {"sender": "", "message": "hi"},
        {"sender": "  ", "message": "hi"},
        {"sender": None, "message": "hi"},
        {"sender": 7, "message": "hi"},
        {"sender": "a\nb", "message": "hi"},
        {"sender": "a" * 256, "message": "hi"},
        {"sender": "ann"},
        {"sender": "ann", "message": None},
        {"sender": "ann", "message": 5},
        {"sender": "ann", "message": ["hi"]},
        {"sender": "ann", "message": "hi", "metadata": "x"},
    ],
)
def test_a_wrong_request_is_told_what_is_expected(body: object) -> None:
    bot = Bot(say("no"))
    answer = post(bot, body)
    assert answer.status == 400
    assert answer.body["error"]["message"]
    assert not bot.heard


def test_a_body_too_large_is_refused() -> None:
    bot = Bot()
    body = {"sender": "ann", "message": "x" * MOST_BYTES}
    assert post(bot, body).status == 413
    assert not bot.heard


def test_a_message_too_long_is_answered_and_not_cut() -> None:
    bot = Bot(say("no"))
    answer = post(bot, {"sender": "ann", "message": "x" * (MOST_CHARACTERS + 1)})
    assert answer.status == 200
    [message] = answer.body
    assert message["recipient_id"] == "ann"
    assert "8,000" in message["text"]
    assert not bot.heard


def test_the_longest_message_arrives_whole() -> None:
    bot = Bot(say("ok"))
    text = "😀" * MOST_CHARACTERS
    assert post(bot, {"sender": "ann", "message": text}).status == 200
    assert bot.heard[0].text == text


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ('/inform{"disposition": "self_care"}', 'inform{"disposition": "self_care"}'),
        (" \u00a0//restart", "restart"),
        ("/\u200b/restart", "restart"),
        ("\u200b/\u00a0/restart", "restart"),
        ("\uff0frestart", "restart"),
        ("left/right wrist", "left/right wrist"),
        ("/", ""),
        ("   ", ""),
        ("a\x00b\x1b[31m\ud83d", "ab?"),
        ("one\r\ntwo", "one\ntwo"),
        ("👩\u200d⚕️", "👩\u200d⚕️"),
    ],
)
def test_what_is_typed_is_read_as_words(typed: str, heard: str) -> None:
    bot = Bot(say("ok"))
    assert post(bot, {"sender": "ann", "message": typed}).status == 200
    assert bot.heard[0].text == heard
    assert bot.heard[0].sender_id == "ann"
    assert bot.heard[0].input_channel == "rest"


def test_an_error_is_admitted_with_the_emergency_number(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bot = Bot(error=ValueError("my hand is blue"))
    answer = post(bot, {"sender": "ann", "message": "my knee is funny"})
    assert answer.status == 200
    assert answer.body == [{"recipient_id": "ann", **fault.fault_message()}]
    assert "ValueError" in caplog.text
    assert "blue" not in caplog.text


def test_danger_is_answered_although_no_conversation_can_be_had() -> None:
    channel = RestChannel()
    body = {"sender": "ann", "message": "my fingers have gone blue"}
    first, second = post(Bot(), body, channel=channel).body
    assert first["custom"]["level"] == "emergency_ambulance"
    assert second == {"recipient_id": "ann", **fault.fault_message()}


def test_what_no_conversation_took_is_handed_over_with_the_next_message() -> None:
    channel = RestChannel()
    post(Bot(), {"sender": "ann", "message": "my fingers are blue"}, channel=channel)
    post(Bot(), {"sender": "bob", "message": "hello"}, channel=channel)
    awake = Bot(say("ok"))
    answer = post(awake, {"sender": "ann", "message": "are you there"}, channel=channel)
    assert [one.text for one in awake.heard] == ["my fingers are blue", "are you there"]
    assert [one["text"] for one in answer.body] == ["ok"]


def test_danger_that_was_never_taken_is_said_again_while_the_fault_lasts() -> None:
    channel = RestChannel()
    post(Bot(), {"sender": "ann", "message": "my fingers are blue"}, channel=channel)
    again = post(Bot(), {"sender": "ann", "message": "hello?"}, channel=channel)
    assert again.body[0]["custom"]["level"] == "emergency_ambulance"


def test_words_that_break_every_turn_do_not_block_what_comes_after() -> None:
    channel = RestChannel()
    post(Bot(), {"sender": "ann", "message": "poison"}, channel=channel)
    bot = Bot(say("ok"), silent_at="poison")
    answer = post(bot, {"sender": "ann", "message": "hello"}, channel=channel)
    assert [one["text"] for one in answer.body] == ["ok"]
    post(bot, {"sender": "ann", "message": "more"}, channel=channel)
    assert [one.text for one in bot.heard] == ["poison", "hello", "more"]


def test_a_server_without_readable_content_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> None:
        raise ContentError("triage.yml:3: red_flags[rf_stroke]: no level")

    monkeypatch.setattr("addons.channels.lifeline.library.default", broken)
    with pytest.raises(RasaException, match=r"triage\.yml:3"):
        RestChannel.from_credentials({})


def test_no_answer_at_all_is_an_error_too() -> None:
    answer = post(Bot(), {"sender": "ann", "message": "hi"})
    assert answer.body == [{"recipient_id": "ann", **fault.fault_message()}]


def test_what_was_said_before_an_error_still_arrives() -> None:
    bot = Bot(say("Call 999."), error=RuntimeError())
    answer = post(bot, {"sender": "ann", "message": "hi"})
    assert [one["text"] for one in answer.body] == ["Call 999."]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic right"])
def test_without_the_token_nobody_gets_in(header: str) -> None:
    bot = Bot(say("no"))
    answer = post(
        bot,
        {"sender": "ann", "message": "hi"},
        channel=RestChannel(token="right"),
        authorization=header,
    )
    assert answer.status == 401
    assert "Bearer" in answer.body["error"]["message"]
    assert not bot.heard


def test_the_token_opens_the_channel() -> None:
    answer = post(
        Bot(say("ok")),
        {"sender": "ann", "message": "hi"},
        channel=RestChannel(token="right"),
        authorization="Bearer right",
    )
    assert answer.status == 200


def test_the_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_TOKEN", "right")
    channel = RestChannel.from_credentials(None)
    body = {"sender": "ann", "message": "hi"}
    assert post(Bot(say("no")), body, channel=channel).status == 401


def test_a_signed_sender_may_be_asked_for() -> None:
    channel = RestChannel.from_credentials({"sender_secret": "key"})
    bot = Bot(say("ok"))
    forged = {"sender": "ann", "message": "hi"}
    assert post(bot, forged, channel=channel).status == 401
    signed = {"sender": sign("ann", "key"), "message": "hi"}
    assert post(bot, signed, channel=channel).status == 200
    assert bot.heard[0].sender_id == "ann"


def test_rasa_finds_the_channel_by_its_path() -> None:
    from rasa.core.run import _create_single_channel

    channel = _create_single_channel("addons.channels.rest.RestChannel", None)
    assert isinstance(channel, RestChannel)
    assert channel.url_prefix() == "rest"


def test_the_route_answers_over_http(unused_tcp_port: int) -> None:
    app = Sanic("rest_channel_test")
    bot = Bot(say("ok"))
    app.blueprint(
        RestChannel(token="right").blueprint(bot), url_prefix="/webhooks/rest"
    )
    address = f"http://127.0.0.1:{unused_tcp_port}/webhooks/rest"

    async def talk() -> tuple[httpx.Response, httpx.Response]:
        server = await app.create_server(
            port=unused_tcp_port, return_asyncio_server=True
        )
        await server.startup()
        await server.start_serving()
        async with httpx.AsyncClient() as client:
            body = {"sender": "ann", "message": "hi"}
            header = {"Authorization": "Bearer right"}
            health = await client.get(f"{address}/")
            answer = await client.post(f"{address}/webhook", json=body, headers=header)
        server.close()
        return health, answer

    health, answer = asyncio.run(talk())
    assert health.json() == {"status": "ok"}
    assert answer.json() == [{"recipient_id": "ann", "text": "ok"}]

"""Messages that no conversation took are kept within bounds, the newest before all."""

import asyncio

import pytest
from rasa.core.channels.channel import UserMessage

from addons.channels import fault, lifeline
from addons.channels.incoming import MOST_CHARACTERS
from addons.channels.lifeline import Lifeline
from addons.channels.one_object import OneObjectOutput

DANGER = "my fingers have gone blue"


class Conversation:
    """Stands for Rasa: takes nothing until it is awake, and notes what it took."""

    def __init__(self, awake: bool = False) -> None:
        self.awake = awake
        self.took: list[str] = []

    async def __call__(self, message: UserMessage) -> None:
        if self.awake:
            self.took.append(message.text)
            await message.output_channel.send_response(
                message.sender_id, {"text": "Hello."}
            )


def say(line: Lifeline, talk: Conversation, sender: str, text: str) -> bool:
    message = UserMessage(text, OneObjectOutput(), sender)
    return asyncio.run(line.carry(message, talk))


def levels(line: Lifeline, sender: str) -> list[str]:
    told = [one.get("custom") or {} for one in line.tell(sender)]
    return [custom["level"] for custom in told if "level" in custom]


def test_where_too_many_wait_the_first_is_forgotten_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lifeline, "MOST_SENDERS", 2)
    line, talk = Lifeline(), Conversation()
    for sender in ("ann", "bob", "cat"):
        assert not say(line, talk, sender, DANGER)
    assert "had to be forgotten" in caplog.text
    assert DANGER not in caplog.text
    assert levels(line, "bob") == levels(line, "cat") == ["emergency_ambulance"]
    talk.awake = True
    for sender in ("ann", "bob", "cat"):
        assert say(line, talk, sender, f"{sender} again")
    assert talk.took == ["ann again", DANGER, "bob again", DANGER, "cat again"]


def test_who_was_forgotten_is_still_told_that_it_failed_and_the_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lifeline, "MOST_SENDERS", 1)
    line, talk = Lifeline(), Conversation()
    say(line, talk, "ann", DANGER)
    say(line, talk, "bob", "hello")
    assert line.tell("ann") == [fault.fault_message()]
    assert "999" in fault.fault_message()["text"]
    say(line, talk, "ann", DANGER)
    assert levels(line, "ann") == ["emergency_ambulance"]


def test_whoever_writes_again_waits_as_the_newest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lifeline, "MOST_SENDERS", 2)
    line, talk = Lifeline(), Conversation()
    for sender in ("ann", "bob", "ann", "cat"):
        say(line, talk, sender, DANGER)
    assert levels(line, "ann") and not levels(line, "bob")


def test_of_one_persons_many_words_the_newest_are_kept() -> None:
    line, talk = Lifeline(), Conversation()
    long = "it is a long story. " * (MOST_CHARACTERS // 40)
    for text in (f"first {long}", f"second {long}", f"third {long}", DANGER):
        say(line, talk, "ann", text)
    assert levels(line, "ann") == ["emergency_ambulance"]
    talk.awake = True
    say(line, talk, "ann", "are you there")
    assert talk.took[-2:] == [DANGER, "are you there"]
    assert talk.took[0].startswith("third")


def test_a_single_message_is_kept_however_long_it_is() -> None:
    line, talk = Lifeline(), Conversation()
    say(line, talk, "ann", f"{DANGER}. " + "x" * MOST_CHARACTERS)
    assert levels(line, "ann") == ["emergency_ambulance"]


def test_an_unclear_sign_counts_as_present() -> None:
    line = Lifeline()
    say(line, Conversation(), "ann", "is my wrist bent?")
    assert levels(line, "ann") == ["emergency_department"]

"""A colour that is hard to see on dark skin is never the only sign that is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from tools.evaluate import sayings
from wrist import library
from wrist.render import fill

LIBRARY = library.load()
FEVER_DETAIL, ALSO = "fever_detail", "also_rf_hot_joint_no_fever"
HEAT = r"hot|heat|warm\w*"
COLD = r"cold|numb\w*|heavy|tight|feels?|sore"
# A colour, and what can be felt where it stands for the same trouble.
SIGNS = {
    r"red|redder|redness|darker": HEAT,
    r"blue|white|pale|gr[ea]y|purple": COLD,
    r"(?:new )?colours?": f"{HEAT}|{COLD}|tingl\\w+|hurts?",
}
# Asked where heat has been told or named: see the last test.
AFTER_HEAT = {FEVER_DETAIL, ALSO}


def names(words: str, text: str) -> bool:
    return bool(re.search(rf"\b(?:{words})\b", text, re.IGNORECASE))


def only_seen(text: str) -> list[str]:
    """The colours that the text names without anything to feel."""
    return [
        colour
        for colour, felt in SIGNS.items()
        if names(colour, text) and not names(felt, text)
    ]


@cache
def said() -> dict[str, str]:
    """Each message that the content can make by itself, and what it is made of."""
    found = {}
    for turn in sayings.every_turn(LIBRARY):
        for message in turn:
            custom = message.get("custom") or {}
            items = custom.get("items", [])
            is_bare_question = len(items) == 1 and items[0] in AFTER_HEAT
            if "language" not in custom and not is_bare_question:
                found[message["text"]] = ", ".join(items)
    return found


def cards() -> Iterator[tuple[str, str]]:
    """All of a card with its reason, also where it is too long for one message."""
    for flag in LIBRARY.red_flags.values():
        for one in (flag, *flag.variants):
            points = [point.say for point in one.points or flag.points]
            yield flag.id, " ".join([one.reason or flag.reason, *points])
    for sign in LIBRARY.stop_signs.values():
        yield sign.id, " ".join([sign.what, *(one.say for one in sign.say)])
    for level, net in LIBRARY.safety_nets.items():
        for part in (net.watch, net.short):
            yield f"net {level.value}", " ".join(one.say for one in part)


def questions() -> Iterator[tuple[str, str]]:
    for question in LIBRARY.questions.values():
        if question.id not in AFTER_HEAT:
            for text in filter(None, (question.ask, question.again)):
                yield question.id, text
    for flag in LIBRARY.red_flags.values():
        if flag.unclear_question:
            yield flag.id, flag.unclear_question


@pytest.mark.parametrize(
    "text",
    [
        "Call 999 if your hand is blue.",
        "Get help if redness spreads or it is cold.",
        "Is it a new colour?",
    ],
)
def test_a_colour_alone_is_noticed(text: str) -> None:
    assert only_seen(text)


def test_every_message_that_names_a_colour_names_what_can_be_felt() -> None:
    assert sum(any(names(c, text) for c in SIGNS) for text in said()) > 50
    assert not [(items, text) for text, items in said().items() if only_seen(text)]


@pytest.mark.parametrize("kind", [cards, questions], ids=lambda one: one.__name__)
def test_every_card_and_question_works_without_seeing_the_colour(kind) -> None:
    written = [(item, fill(text, LIBRARY)) for item, text in kind()]
    assert sum(any(names(c, text) for c in SIGNS) for _, text in written) >= 8
    assert not [(item, text) for item, text in written if only_seen(text)]


def test_what_is_asked_about_redness_alone_is_asked_where_heat_was_named() -> None:
    asking = [one for one in LIBRARY.answers.values() if one.ask == FEVER_DETAIL]
    assert asking
    for answer in asking:
        assert names(HEAT, " ".join(one.say for one in answer.say)), answer.id
    flag = LIBRARY.red_flags[ALSO.removeprefix("also_")]
    assert flag.also_ask and names(HEAT, " ".join(one.say for one in flag.points))

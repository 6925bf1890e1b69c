"""Where no conversation can be had, danger in the words alone is answered."""

import pytest

from tests.wrist.conversation import Conversation, lexicon
from wrist import alone
from wrist.library import Library
from wrist.models import Disposition
from wrist.render import Message

AMBULANCE = Disposition.EMERGENCY_AMBULANCE
DEPARTMENT = Disposition.EMERGENCY_DEPARTMENT


def advice(text: str, content: Library) -> Message | None:
    return alone.urgent_advice(text, lexicon().read(text), content)


@pytest.mark.parametrize(
    ("text", "flag", "level"),
    [
        ("is my wrist bent?", "rf_deformity", DEPARTMENT),
        ("it may have been a snap when i fell", "rf_snap_noise", DEPARTMENT),
        ("maybe my hand is cold and pale", "rf_cold_pale_blue", AMBULANCE),
        ("could it be a stroke?", "rf_stroke", AMBULANCE),
        ("i might have chest pain", "rf_cardiac", AMBULANCE),
        ("my wrist is bleeding", "rf_heavy_bleeding", AMBULANCE),
    ],
)
def test_what_a_conversation_would_ask_about_is_taken_as_sure(
    content: Library, text: str, flag: str, level: Disposition
) -> None:
    assert Conversation().say(text).case.asked_flag == flag, "nothing is unclear"
    card = advice(text, content)
    assert card is not None
    assert card.custom["level"] == level.value and flag in card.custom["items"]


def test_no_question_is_asked_where_nobody_can_answer(content: Library) -> None:
    for text in ("is my wrist bent?", "my fingers are blue", "my wrist is bent"):
        card = advice(text, content)
        assert card is not None and "question" not in card.custom


@pytest.mark.parametrize(
    "text",
    [
        "my wrist aches after typing",
        "my fingers are not blue",
        "what if my fingers go blue",
        "my fingers were blue last year",
        "",
    ],
)
def test_what_is_denied_supposed_or_over_is_no_emergency(
    content: Library, text: str
) -> None:
    assert advice(text, content) is None


def test_another_persons_danger_is_answered(content: Library) -> None:
    card = advice("my mum's wrist is bent", content)
    assert card is not None and card.custom["level"] == DEPARTMENT.value
    assert "your mother" in card.text


def test_danger_in_another_language_gets_the_card_of_that_language(
    content: Library,
) -> None:
    card = advice("tengo los dedos azules", content)
    assert card is not None and "emergency_card_es" in card.custom["items"]

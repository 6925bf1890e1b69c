"""What comes next whatever intent was guessed."""

import pytest

from tests.wrist.conversation import FALLBACK, Conversation
from wrist import dialogue


@pytest.mark.parametrize(
    "text",
    [
        "is the stop sign around the corner still knocked over",
        "how many people live with a mental illness",
        "what should i take for nausea",
        "what film is 'just a flesh wound' from?",
        "how do you make sure a bridge doesn't fall down",
    ],
)
def test_a_question_nobody_understood_begins_no_check(text: str) -> None:
    assert Conversation().say(text, "nlu_fallback").action == FALLBACK


@pytest.mark.parametrize(
    "text",
    [
        "knocked it on the door yesterday",
        "is it bad that my wrist is swollen?",
        "fell off my bike",
        "what do i do, it hurts when i grip?",
    ],
)
def test_a_finding_that_nobody_understood_begins_the_check(text: str) -> None:
    talk = Conversation().say(text, "nlu_fallback")
    assert talk.action != FALLBACK


def test_a_question_nobody_understood_counts_where_something_was_told() -> None:
    talk = Conversation().say("my wrist hurts", "report_pain")
    talk.say("could it be that i knocked it?", "nlu_fallback")
    assert talk.action != FALLBACK


def test_danger_comes_before_a_question_nobody_understood() -> None:
    talk = Conversation().say("is my hand meant to be blue and cold?", "nlu_fallback")
    assert talk.action == dialogue.FLAG_QUESTION

"""Messages are whole: text, buttons, the items said and their sources."""

import pytest

from wrist import library, render
from wrist.models import Sentence, Status
from wrist.render import MAX_WORDS, Message, Speech, count_words

LIBRARY = library.load()
SOURCED = Sentence(say="Rest it.", sources=("hseie", "seed:A:19"), status=Status.KEPT)
SERVICE = Sentence(say="I am a program.", sources=("service",))


def speech() -> Speech:
    return Speech(LIBRARY)


def test_what_is_said_is_named_with_its_sources() -> None:
    message = speech().say([SOURCED], "rest_or_move").message()
    assert message.text == "Rest it."
    assert message.custom["items"] == ["rest_or_move"]
    assert message.custom["sources"] == ["hseie", "seed:A:19"]
    assert message.custom["statements"] == [
        {
            "say": "Rest it.",
            "item": "rest_or_move",
            "sources": ["hseie", "seed:A:19"],
            "status": "kept",
        }
    ]


def test_what_is_not_medical_needs_no_source() -> None:
    custom = speech().say([SERVICE], "tracking").message().custom
    assert custom["items"] == ["tracking"] and "sources" not in custom


def test_a_source_is_named_once() -> None:
    message = speech().say([SOURCED, SOURCED], "a").say([SOURCED], "b").message()
    assert message.custom["sources"] == ["hseie", "seed:A:19"]
    assert message.custom["items"] == ["a", "b"]


def test_the_words_of_the_region_are_filled_in() -> None:
    us = library.load(region="us")
    assert (
        Speech(us)
        .phrase("emergency_number")
        .message()
        .text.startswith("The emergency number is 911")
    )
    assert "{" not in speech().phrase("greet").message().text


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        speech().fill("call {nobody}")


def test_a_question_comes_last_on_a_line_of_its_own_with_its_buttons() -> None:
    question = LIBRARY.questions["injury"]
    message = speech().phrase("greet").say([SOURCED], "x").ask(question).message()
    lines = message.text.split("\n")
    assert lines[-1] == question.ask
    assert message.custom["question"] == "injury"
    assert [b.title for b in message.buttons] == list(question.buttons)


def test_a_button_sends_what_a_person_would_type() -> None:
    message = speech().offer(["Next", "Back"]).offer(["Next"]).message()
    assert [(b.title, b.payload) for b in message.buttons] == [
        ("Next", "Next"),
        ("Back", "Back"),
    ]


def test_no_message_has_a_blank_line() -> None:
    """Channels split text on blank lines."""
    message = (
        speech()
        .heading("Go now")
        .say([SOURCED], "x", line=True)
        .phrase("thank")
        .message()
    )
    assert "\n\n" not in message.text and message.text == message.text.strip()


def test_what_does_not_fit_is_left_out() -> None:
    long = Sentence(say="word " * 40, sources=("hseie",))
    short = Sentence(say="Last.", sources=("hseie",))
    made = speech().fit([long, long, short], "x").message()
    assert count_words(made.text) <= MAX_WORDS
    assert [one["say"] for one in made.custom["statements"]].count(long.say) == 1


def test_room_is_kept_for_the_question() -> None:
    question = LIBRARY.questions["health"]
    long = [Sentence(say="word " * 10, sources=("hseie",))] * 10
    made = speech().reserve(question).fit(long, "x").ask(question).message()
    assert count_words(made.text) <= MAX_WORDS


def test_a_card_says_nothing_that_the_text_lacks() -> None:
    made = speech().say([SOURCED], "x").card("care_card", level="same_day").message()
    assert made.custom["type"] == "care_card" and made.custom["items"] == ["x"]


def test_json_holds_only_what_there_is() -> None:
    assert Message(text="a").to_json() == {"text": "a"}
    assert set(speech().phrase("greet").message().to_json()) == {
        "text",
        "buttons",
        "custom",
    }


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("One two.", 2), ("don't stop", 2), ("A&E now", 3), ("10 to 15", 3)],
)
def test_words_are_counted_as_they_are_read(text: str, count: int) -> None:
    assert count_words(text) == count


def test_a_status_falls_back_to_that_of_the_item() -> None:
    bare = Sentence(say="Rest.", sources=("hseie",))
    statement = speech().say([bare], "rest_or_move").message().custom["statements"][0]
    assert statement["status"] == LIBRARY.answers["rest_or_move"].status.value


def test_fill_leaves_plain_text_alone() -> None:
    assert render.fill("Rest it.", LIBRARY) == "Rest it."


def test_a_question_that_would_make_it_too_long_is_asked_in_its_short_form() -> None:
    question = LIBRARY.questions["unwell"]
    assert question.again
    for words, asked in ((1, question.ask), (MAX_WORDS - 12, question.again)):
        text = " ".join(["rest"] * words)
        message = speech().say([SOURCED.copy(update={"say": text})], "a").ask(question)
        assert message.message().text == f"{text}\n{asked}"
        assert message.words <= MAX_WORDS

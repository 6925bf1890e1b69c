"""Answers to questions, where they come from, and what the articles get wrong."""

import pytest

from tests.wrist.conversation import Conversation, content
from wrist import answers, screen
from wrist.case import Case
from wrist.models import Assertion, Correction, Disposition
from wrist.models_dialogue import Question
from wrist.render import MAX_WORDS, count_words

LIBRARY = content()
CHECKING = Case(thread="check", pending="injury", findings={"pain": Assertion.PRESENT})


def items(reply: answers.Reply) -> list[str]:
    return [i for m in reply.messages for i in m.custom["items"]]


@pytest.mark.parametrize("topic", LIBRARY.answers)
def test_every_answer_says_itself_with_its_sources(topic: str) -> None:
    reply = answers.answer(Case(), topic, LIBRARY)
    custom = reply.messages[0].custom
    assert topic in custom["items"]
    assert custom.get("covers", []) == list(LIBRARY.answers[topic].covers)
    medical = any(set(s.sources) - {"service"} for s in LIBRARY.answers[topic].say)
    assert bool(custom.get("statements")) is medical
    for one in custom.get("statements", ()):
        assert one["sources"]


@pytest.mark.parametrize(
    "question", (*LIBRARY.danger, *LIBRARY.before_massage), ids=lambda q: q.id
)
def test_an_answer_in_the_middle_of_the_check_leads_back(question: Question) -> None:
    """Whatever is asked in between, the open question comes again, in 60 words."""
    too_long = {}
    for topic in LIBRARY.answers:
        reply = answers.answer(CHECKING.but(pending=question.id), topic, LIBRARY)
        message = reply.messages[0]
        assert topic in items(reply)
        assert message.custom["question"] == screen.active(reply.case)
        assert reply.case.pending == question.id
        if count_words(message.text) > MAX_WORDS:
            too_long[topic] = count_words(message.text)
    assert not too_long


@pytest.mark.parametrize("topic", LIBRARY.answers)
def test_an_answer_during_a_massage_keeps_the_step(topic: str) -> None:
    case = Case(step=3, technique="self_massage", thread="massage")
    reply = answers.answer(case, topic, LIBRARY)
    assert reply.case.step == 3
    assert "still_at" in items(reply) or screen.active(reply.case)
    assert count_words(reply.messages[0].text) <= MAX_WORDS


COACHING = [one.id for one in LIBRARY.answers.values() if one.coaches]


@pytest.mark.parametrize("topic", COACHING)
def test_nobody_in_danger_is_told_how_to_massage_heat_or_stretch(topic: str) -> None:
    danger = Conversation().say("my wrist is hot and swollen").case
    reply = answers.answer(danger, topic, LIBRARY)
    assert topic not in items(reply) and "rf_hot_joint_no_fever" in items(reply)


def test_a_massage_that_awaits_a_clinician_is_not_explained_either() -> None:
    waiting = Conversation().say("my wrist hurts for 2 months, it is not better").case
    assert waiting.disposition is Disposition.GP_SOON
    reply = answers.answer(waiting, "circle_direction", LIBRARY)
    assert "circle_direction" not in items(reply) and "locked_urgent" in items(reply)
    assert "heat" in items(answers.answer(waiting, "heat", LIBRARY))


@pytest.mark.parametrize("topic", LIBRARY.answers)
def test_an_answer_under_danger_repeats_the_advice(topic: str) -> None:
    danger = Conversation().say("my wrist is hot and swollen").case
    reply = answers.answer(danger, topic, LIBRARY)
    heading = LIBRARY.levels.headings[Disposition.SAME_DAY]
    flag = LIBRARY.red_flags["rf_hot_joint_no_fever"]
    shown = (flag.heading or heading, flag.points[0].say)
    text = reply.messages[0].text
    assert any(one.split("{")[0] in text for one in shown), text
    assert count_words(text) <= MAX_WORDS, text


def test_a_topic_that_does_not_exist_is_not_guessed() -> None:
    assert items(answers.answer(Case(), "no_such_topic", LIBRARY)) == ["rephrase"]


def test_sources_are_told_by_name_with_the_lines_of_the_article() -> None:
    said = answers.answer(Case(), "heat_or_cold", LIBRARY).messages[0]
    told = answers.sources(Case(), said.custom["statements"], LIBRARY)
    assert "B:109" in told.text and "B:110" in told.text
    assert LIBRARY.sources["mpft-h"].publisher in told.text
    assert "not_signed_off" in told.custom["items"]


def test_what_was_not_checked_is_said_to_be_so() -> None:
    statement = {"say": "x", "sources": ["unsourced"], "item": "rest_or_move"}
    told = answers.sources(Case(), [statement], LIBRARY)
    assert "unchecked" in told.custom["items"]


def test_without_anything_said_there_is_no_source() -> None:
    assert answers.sources(Case(), [], LIBRARY).custom["items"] == ["no_source"]


@pytest.mark.parametrize(
    "correction", LIBRARY.corrections.values(), ids=lambda c: c.ref
)
def test_every_correction_is_told_to_whom_cites_the_article(
    correction: Correction,
) -> None:
    reached = [
        topic
        for topic in LIBRARY.answers
        if correction.id in items(answers.correct(Case(), topic, LIBRARY))
    ]
    topics = [t for t, a in LIBRARY.answers.items() if correction.ref in a.corrections]
    assert topics, f"no answer names {correction.ref}"
    assert reached, f"{correction.ref} is never told: {topics} tell another"


@pytest.mark.parametrize(
    "topic", [t for t, a in LIBRARY.answers.items() if a.corrections]
)
def test_a_correction_says_claim_and_reason(topic: str) -> None:
    reply = answers.correct(Case(), topic, LIBRARY)
    first = LIBRARY.corrections_by_ref[LIBRARY.answers[topic].corrections[0]]
    message = reply.messages[0]
    assert first.claim.split("{")[0] in message.text
    assert first.why[0].say.split("{")[0] in message.text, message.text
    assert set(first.seed) <= set(message.custom["sources"])
    assert count_words(message.text) <= MAX_WORDS


def test_what_the_articles_do_not_say_is_not_made_up() -> None:
    reply = answers.correct(Case(), "", LIBRARY)
    assert items(reply) == ["article_unknown"]

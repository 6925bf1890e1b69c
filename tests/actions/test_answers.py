"""Questions, sources and corrections as the action server answers them."""

from tests.actions.harness import run


def bot(custom: dict[str, object]) -> dict[str, object]:
    return {"event": "bot", "text": "x", "data": {"custom": custom}}


def test_a_question_is_answered_with_its_sources() -> None:
    result = run("action_answer_question", topic="heat_or_cold")
    custom = result.messages[0]["custom"]
    assert custom["items"] == ["heat_or_cold"] and "seed:B:109" in custom["sources"]
    assert result.messages[0]["text"] and result.messages[0]["buttons"]


def test_an_unknown_topic_is_asked_about() -> None:
    assert run("action_answer_question", topic="nonsense").items == ["rephrase"]
    assert run("action_answer_question").items == ["rephrase"]


def test_the_sources_are_those_of_the_last_words_that_had_any() -> None:
    first = run("action_answer_question", topic="heat_or_cold").messages[0]["custom"]
    events = [bot(first), bot({"items": ["thank"]}), {"event": "user"}]
    result = run("action_give_sources", events=events)
    assert "B:109" in result.text


def test_without_words_there_are_no_sources() -> None:
    assert run("action_give_sources").items == ["no_source"]


def test_the_article_is_corrected_on_its_topic() -> None:
    result = run("action_correct_article", topic="detox")
    assert "detox_claim" in result.items

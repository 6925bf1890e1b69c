"""Figures of the language part, with a parser that knows two words."""

from pathlib import Path
from typing import Any

import pytest

from tools.evaluate import heldout, language


def parse(text: str) -> dict[str, Any]:
    name = "greet" if "hello" in text else "out_of_scope"
    return {"intent": {"name": name}, "intent_ranking": [{"name": name}]}


def test_intents_are_counted_with_their_errors() -> None:
    sentences = [("hello", "greet"), ("bye", "goodbye"), ("hello you", "greet")]
    found = language.evaluate_intents(parse, sentences)
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["by_intent"]["greet"]["f1"] == 1
    assert found["by_intent"]["goodbye"]["f1"] == 0
    assert found["macro_f1"] == pytest.approx(1 / 2)
    assert found["weighted_f1"] == pytest.approx(2 / 3)
    wrong = {"text": "bye", "wanted": "goodbye", "found": "out_of_scope"}
    assert found["errors"] == [wrong]


def test_the_confusion_matrix_counts_every_sentence() -> None:
    found = language.f1_scores(["greet", "thank"], ["greet", "faq/oil"])
    confusion = found["confusion"]
    assert confusion["columns"] == ["greet", "thank", language.NOT_AN_INTENT]
    assert confusion["counts"] == [[1, 0, 0], [0, 0, 1]]


def test_questions_are_right_by_their_topic() -> None:
    phrasing = heldout.Phrasing("Q1", "what is it", ("Q1",))
    found = language.evaluate_questions(parse, [phrasing])
    assert found["right"] == 0
    assert found["understood_wrongly"] == 1
    assert found["not_understood"] == 0


def test_small_talk_is_counted_apart(tmp_path: Path) -> None:
    lines = '{"text": "hello"}\n{"text": "weather"}\n'
    (tmp_path / "out_of_scope.jsonl").write_text(lines)
    found = language.evaluate_out_of_scope(parse, tmp_path)
    assert found["taken_for_ours"] == 0
    assert found["taken_for_ours_or_small_talk"] == 0.5

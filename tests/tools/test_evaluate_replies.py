"""What a reply is taken for, and how hard it is to read."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.evaluate import heldout, reading, replies, sayings, targets
from wrist import library


def message(*items: str, **custom: Any) -> dict[str, Any]:
    return {"text": "Some words.", "custom": {"items": list(items), **custom}}


@pytest.mark.parametrize(
    ("messages", "verdict"),
    [
        ([message("massage_overview", "injury")], replies.RIGHT),
        ([message("rf_stroke", type="care_card")], replies.CARD),
        ([message("rf_stroke")], replies.FLAG),
        ([message("rephrase")], replies.DECLINED),
        ([message("step_order")], replies.WRONG),
        ([message("rephrase"), message("step_order")], replies.WRONG),
    ],
)
def test_a_reply_is_judged(messages: list[dict[str, Any]], verdict: str) -> None:
    assert replies.judge(messages, {"massage_overview"}) == verdict


def test_a_contraindication_is_a_warning_with_or_without_a_question() -> None:
    content = library.default()
    reason, question = (
        next(iter(content.contraindications)),
        next(iter(content.questions)),
    )
    for said in ([reason], [reason, question], [reason, "which_side", question]):
        verdict = replies.judge([message(*said)], {"massage_overview"})
        assert verdict == replies.WARNED
    assert replies.judge([message(question)], {"massage_overview"}) == replies.WRONG


def test_wrong_answers_on_unsafe_rows_are_listed() -> None:
    phrasings = [
        heldout.Phrasing("Q4", "any pain?", ("Q4",)),
        heldout.Phrasing("Q1", "what is it?", ("Q1",)),
    ]
    found = replies.evaluate_questions(lambda text: [message("goodbye")], phrasings)
    assert [one["question"] for one in found["unsafe_wrong"]] == ["Q4"]
    missed = [target.name for target in targets.judge({"questions_end_to_end": found})]
    assert "wrong answers on UNSAFE rows: none" in missed


def test_words_are_counted_over_a_whole_turn() -> None:
    turn = [{"text": "one two " * 20}, {"text": "three " * 25}]
    found = reading.evaluate_replies([turn, [{"text": "Rest your hand."}]])
    assert found["most_words"] == 65
    assert len(found["too_long"]) == 1


def test_a_harder_text_has_a_higher_grade() -> None:
    easy = "Rest your hand. Keep it warm."
    hard = "Physiotherapeutic rehabilitation necessitates individualised supervision."
    assert reading.grade(easy) < 4 < reading.MOST_GRADE < reading.grade(hard)


def test_lines_without_a_full_stop_are_sentences() -> None:
    assert reading.grade("Go now\nRest your hand") == reading.grade(
        "Go now. Rest your hand."
    )


def test_every_content_sentence_is_graded_once() -> None:
    found = reading.content_sentences(library.default())
    assert len(found) > 1000
    assert not any("{" in text for text in found)
    assert any(place.startswith("red_flags:rf_") for place in found.values())


def test_every_card_and_answer_can_be_said() -> None:
    content = library.default()
    turns = sayings.every_turn(content)
    said = {item for turn in turns for item in replies.items(turn)}
    assert set(content.red_flags) <= said
    assert set(content.answers) <= said


@pytest.mark.parametrize(
    ("others", "urgent"),
    [
        ([], False),
        ([{"disposition": "emergency_department", "red_flags": ["rf_x"]}], True),
    ],
)
def test_danger_to_the_person_somebody_writes_for_is_caught(
    tmp_path: Path, others: list[dict[str, Any]], urgent: bool
) -> None:
    row = {
        "id": "1",
        "text": "my sister cannot lift her hand",
        "level": "emergency",
        "acceptable_levels": ["emergency"],
        "red_flags": [],
    }
    (tmp_path / "patient_messages.jsonl").write_text(json.dumps(row) + "\n")
    slots = {"disposition": "info_only", "red_flags": [], "other_cases": others}
    found = replies.evaluate_messages(lambda _: slots, tmp_path)
    assert found["dangerous"] == 1
    assert found["dangerous_caught_at_once"] == urgent

"""What counts as right on the held-out sets."""

from pathlib import Path

import pytest

from tools.evaluate import heldout
from wrist import library

COVERING = {"Q1": {"massage_overview"}, "Q22": {"step_order"}}


def test_every_question_has_something_that_is_right() -> None:
    covering = heldout.topics()
    asked = {phrasing.question for phrasing in heldout.questions()}
    assert len(asked) == 153
    for question in asked:
        assert heldout.accepted_labels([question], covering), question
        assert heldout.accepted_items([question], covering), question


def test_items_of_service_questions_exist() -> None:
    content = library.default()
    known = {*content.phrases, "referral_no_person", "multi_card"}
    for question, (_, items) in heldout.SERVICE.items():
        assert items <= known, question


def test_unsafe_rows_are_corrected_answers() -> None:
    answers = library.default().answers.values()
    status = {q: answer.status.value for answer in answers for q in answer.covers}
    assert {question: status[question] for question in heldout.UNSAFE} == dict.fromkeys(
        heldout.UNSAFE, "corrected"
    )


def test_the_intent_file_names_our_intents() -> None:
    names = {intent for _, intent in heldout.intents()}
    assert len(names) == 48
    assert "start_over" in names
    assert "restart" not in names


def test_other_questions_that_a_phrasing_allows_are_right_too() -> None:
    assert heldout.accepted_labels(["Q1", "Q22"], COVERING) == {
        "faq/massage_overview",
        "faq/step_order",
    }
    assert heldout.accepted_items(["Q141"], COVERING) == {"bot_challenge"}


@pytest.mark.parametrize(
    ("parsed", "label"),
    [
        ({"intent": {"name": "greet"}}, "greet"),
        (
            {
                "intent": {"name": "faq"},
                "response_selector": {
                    "all_retrieval_intents": ["faq"],
                    "default": {"response": {"intent_response_key": "faq/cold"}},
                },
            },
            "faq/cold",
        ),
        ({"intent": {"name": None}}, heldout.FALLBACK),
        (
            {
                "intent": {"name": "faq"},
                "response_selector": {
                    "faq": {"response": {"intent_response_key": "faq/oil"}}
                },
            },
            "faq/oil",
        ),
    ],
)
def test_a_parse_result_has_one_label(parsed: dict[str, object], label: str) -> None:
    assert heldout.label(parsed) == label


def test_the_first_of_the_ranking_stands_behind_a_fallback() -> None:
    ranking = [{"name": "nlu_fallback"}, {"name": "thank"}]
    parsed = {"intent": {"name": "nlu_fallback"}, "intent_ranking": ranking}
    assert heldout.label(parsed) == "nlu_fallback"
    assert heldout.label(parsed, before_fallback=True) == "thank"


def test_public_samples_are_left_out_where_there_are_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(heldout.DATA_VARIABLE, raising=False)
    assert heldout.outside_data() is None
    monkeypatch.setenv(heldout.DATA_VARIABLE, str(tmp_path / "nowhere"))
    assert heldout.outside_data() is None
    monkeypatch.setenv(heldout.DATA_VARIABLE, str(tmp_path))
    assert heldout.outside_data() == tmp_path

"""Massage steps as the action server gives them."""

import pytest

from tests.actions.harness import run

CLEAR = {
    "disposition": "self_care",
    "screen_complete": True,
    "findings": {"adult": "present"},
    "pain_score": 3,
}
RUNNING = {
    **CLEAR,
    "technique": "self_massage",
    "step": 2,
    "thread": "massage",
    "pain_before": 3,
    "pain_score": None,
}


@pytest.mark.parametrize(
    ("intent", "technique"),
    [
        ("request_massage", "self_massage"),
        ("request_short_massage", "self_massage_short"),
        ("affirm", "self_massage"),
    ],
)
def test_the_massage_that_was_asked_for_starts(intent: str, technique: str) -> None:
    result = run("action_give_massage_step", CLEAR, intent=intent)
    assert (result.slots["technique"], result.slots["step"]) == (technique, 1)
    card = result.messages[0]["custom"]
    assert card["type"] == "massage_step" and card["technique"] == technique
    assert {"step", "of", "seconds", "image", "alt"} <= set(card)


def test_without_a_check_no_step_is_given() -> None:
    result = run("action_give_massage_step", {}, intent="request_massage")
    assert result.slots.get("step") is None
    assert result.messages[0]["custom"]["question"] == "injury"


def test_a_running_massage_is_not_started_again() -> None:
    result = run("action_give_massage_step", RUNNING, intent="request_massage")
    assert result.slots["step"] == 2 and "stop_rule" not in result.items


@pytest.mark.parametrize(
    ("action", "step"),
    [
        ("action_next_step", 3),
        ("action_previous_step", 1),
        ("action_repeat_step", 2),
        ("action_skip_step", 3),
        ("action_pause_massage", 2),
        ("action_resume_massage", 2),
        ("action_tell_steps_left", 2),
        ("action_stop_massage", None),
        ("action_finish_massage", None),
    ],
)
def test_navigation_moves_the_step(action: str, step: int | None) -> None:
    result = run(action, RUNNING)
    assert result.slots["step"] == step
    assert len(result.messages) == 1


def test_a_pause_ends_when_the_talk_goes_on() -> None:
    paused = run("action_pause_massage", RUNNING).slots
    assert paused["paused"] is True
    assert run("action_resume_massage", paused).slots["paused"] is False


def test_after_the_session_the_scores_are_compared() -> None:
    done = {**RUNNING, "step": None, "thread": "after", "pain_score": 2}
    result = run("action_finish_massage", done)
    assert result.slots["pain_after"] == 2 and "3 to 2" in result.text


def test_resuming_the_check_asks_its_question_again() -> None:
    result = run("action_resume_massage", {"pending": "nerve", "thread": "check"})
    assert result.messages[0]["custom"]["question"] == "nerve"

"""The guided massage: one step a message, moved by the user, stopped at once."""

from __future__ import annotations

import pytest

from tests.wrist.conversation import CLEAR, Conversation, content
from wrist import massage
from wrist.case import Case
from wrist.models import Assertion, Technique

PRESENT = Assertion.PRESENT
LIBRARY = content()
COACHED = [t for t in LIBRARY.techniques.values() if t.coached]


def running(step: int = 1, technique: str = "self_massage") -> Case:
    return CLEAR.but(
        step=step, technique=technique, thread="massage", pain_before=3, pain_score=None
    )


def text(reply: massage.Reply) -> str:
    return "\n".join(message.text for message in reply.messages)


def items(reply: massage.Reply) -> list[str]:
    return [i for m in reply.messages for i in m.custom["items"]]


@pytest.mark.parametrize("technique", COACHED, ids=lambda t: t.id)
def test_a_massage_starts_with_the_stop_rule_and_its_first_step(
    technique: Technique,
) -> None:
    reply = massage.start(CLEAR, technique.id, LIBRARY)
    assert reply.case.step == 1 and reply.case.technique == technique.id
    assert reply.case.pain_before == 3
    said = items(reply)
    assert said.index("stop_rule") < said.index(
        f"{technique.id}.{technique.steps[0].id}"
    )
    for sentence in technique.stop_rule:
        assert sentence.say.split("{")[0] in text(reply)


@pytest.mark.parametrize("technique", COACHED, ids=lambda t: t.id)
def test_next_goes_through_every_step_and_then_ends(technique: Technique) -> None:
    case = massage.start(CLEAR, technique.id, LIBRARY).case
    for number, step in enumerate(technique.steps[1:], 2):
        reply = massage.move(case, LIBRARY, 1)
        card = reply.messages[0].custom
        assert (card["step"], card["of"]) == (number, len(technique.steps))
        assert card["technique"] == technique.id and card["alt"] == step.alt
        assert card["seconds"] == step.seconds
        assert [i for i in items(reply) if "." in i] == [f"{technique.id}.{step.id}"]
        case = reply.case
    ended = massage.move(case, LIBRARY, 1)
    assert ended.case.step is None
    assert ended.messages[-1].custom["question"] == "pain_now"


def test_back_from_the_first_step_stays_there() -> None:
    reply = massage.move(running(1), LIBRARY, -1)
    assert reply.case.step == 1 and "first_step" in items(reply)


def test_back_goes_back() -> None:
    assert massage.move(running(4), LIBRARY, -1).case.step == 3


def test_repeat_says_the_same_step_in_simpler_words() -> None:
    first = massage.step(running(2), LIBRARY)
    again = massage.repeat(running(2), LIBRARY)
    assert again.case.step == 2
    step = LIBRARY.techniques["self_massage"].steps[1]
    assert step.again in text(again) and step.again not in first.text
    assert again.messages[0].custom["sources"]


def test_a_skipped_step_is_recorded() -> None:
    reply = massage.move(running(2), LIBRARY, 1, skip=True)
    assert reply.case.step == 3 and reply.case.skipped == (2,)
    assert "skipped" in items(reply)


def test_a_pause_keeps_the_step_and_gives_none() -> None:
    reply = massage.pause(running(3), LIBRARY)
    assert reply.case.paused and reply.case.step == 3
    assert reply.messages[0].custom.get("type") != "massage_step"


@pytest.mark.parametrize(("step", "left"), [(1, 10), (5, 6), (11, 0)])
def test_how_many_are_left(step: int, left: int) -> None:
    reply = massage.steps_left(running(step), LIBRARY)
    assert text(reply).startswith(f"{left} of 11")
    assert "minute" in text(reply) and reply.case == running(step)


def test_stop_ends_it_at_once_and_asks_one_thing() -> None:
    reply = massage.stop(running(5), LIBRARY)
    assert reply.case.step is None and not reply.case.paused
    assert reply.messages[0].custom["question"] == "worse_after"
    assert len(reply.messages) == 1


def test_the_change_in_pain_is_told_neutrally_and_kept() -> None:
    done = running().but(step=None, pain_score=2, thread="after")
    reply = massage.after(done, LIBRARY)
    assert "from 3 to 2" in text(reply)
    assert reply.case.pain_after == 2
    row = reply.case.pain_record[-1]
    assert (row.technique, row.before, row.after) == ("self_massage", 3, 2)


def steps_left(case: Case) -> massage.Reply:
    return massage.steps_left(case, LIBRARY)


@pytest.mark.parametrize(
    "navigate",
    [
        lambda case: massage.move(case, LIBRARY, 1),
        lambda case: massage.move(case, LIBRARY, -1),
        lambda case: massage.pause(case, LIBRARY),
        lambda case: massage.steps_left(case, LIBRARY),
        lambda case: massage.finish(case, LIBRARY),
        lambda case: massage.stop(case, LIBRARY),
        lambda case: massage.repeat(case, LIBRARY),
    ],
)
def test_outside_a_massage_nothing_moves(navigate: object) -> None:
    reply = navigate(CLEAR)  # type: ignore[operator]
    assert items(reply)[-1] == "not_in_session" and reply.case.step is None


def test_what_comes_next_is_told_before_a_massage_and_an_open_question_stays() -> None:
    for navigate in (lambda case: massage.move(case, LIBRARY, 1), steps_left):
        assert items(navigate(CLEAR)) == ["step_order", "not_in_session"]
        reply = navigate(CLEAR.but(screen_complete=False, pending="injury"))
        assert items(reply) == ["step_order", "injury"]


@pytest.mark.parametrize(
    "navigate", [lambda c: massage.move(c, LIBRARY, 1), steps_left]
)
def test_nobody_with_a_red_flag_is_offered_a_massage(navigate: object) -> None:
    flagged = Conversation().say("my wrist hurts for 2 months, it is not better").case
    reply = navigate(flagged)  # type: ignore[operator]
    assert flagged.red_flags and "locked_urgent" in items(reply)
    assert not reply.messages[0].buttons


def test_without_a_score_the_pain_is_asked_first() -> None:
    reply = massage.start(CLEAR.but(pain_score=None), "self_massage", LIBRARY)
    assert reply.case.step is None
    assert reply.messages[0].custom["question"] == "pain_now"


def test_without_a_check_the_check_comes_first() -> None:
    reply = massage.start(Case(), "self_massage", LIBRARY)
    assert reply.case.step is None and reply.case.wanted == "self_massage"
    assert reply.messages[0].custom["question"] == LIBRARY.danger[0].id


def test_who_was_checked_yesterday_gets_the_short_check() -> None:
    case = Case(findings={"checked_before": PRESENT})
    reply = massage.start(case, "self_massage", LIBRARY)
    assert reply.messages[0].custom["question"] == "stop_check"


@pytest.mark.parametrize(
    "words",
    [
        "it hurts more now",
        "my fingers are tingling",
        "my hand has gone white",
        "it feels numb",
        "i feel dizzy",
        "my chest hurts",
        "it is swelling up",
    ],
)
def test_any_worsening_ends_it_whatever_intent_is_guessed(words: str) -> None:
    for intent in ("report_worsening", "inform_details", "next_step", "affirm"):
        talk = Conversation(running(3)).say(words, intent)
        assert talk.case.step is None, (words, intent, talk.text)
        assert not any(i.startswith("self_massage.") for i in talk.items)


def test_a_question_in_between_leaves_the_step_alone() -> None:
    talk = Conversation(running(3)).say(
        "which way do the circles go", "faq", "circle_direction"
    )
    assert talk.case.step == 3 and "still_at" in talk.items


def test_the_step_stays_within_the_limit_of_words() -> None:
    from wrist.render import MAX_WORDS, count_words

    for technique in COACHED:
        for number in range(1, len(technique.steps) + 1):
            message = massage.step(running(number, technique.id), LIBRARY)
            assert count_words(message.text) <= MAX_WORDS
        first = massage.start(CLEAR, technique.id, LIBRARY).messages[0]
        assert count_words(first.text) <= MAX_WORDS


def test_retrograde_strokes_go_towards_the_elbow() -> None:
    """The second article has them the wrong way round."""
    steps = LIBRARY.techniques["retrograde_massage"].steps
    told = " ".join(s.say for step in steps for s in step.do)
    assert "elbow" in told
    assert not any(
        f"{start} to your {end}" in told or f"{start} to {end}" in told
        for start in ("elbow", "wrist")
        for end in ("fingertips", "fingers", "knuckles")
    )

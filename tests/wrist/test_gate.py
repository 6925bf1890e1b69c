"""What must never lead to a massage: told in the check, or while one is running."""

import itertools

import pytest

from tests.wrist.conversation import CLEAR, Conversation, content
from wrist import massage, safety
from wrist.case import Case
from wrist.models import Assertion, Disposition

LIBRARY = content()
CHECK = {
    "injury": "no injury",
    "heat_swelling": "none of these",
    "heat": "no",
    "unwell": "none of these",
    "nerve": "none of these",
    "health": "none of these",
    "skin": "skin is fine",
    "age": "40",
    "pain_now": "2",
    "start_now": "yes",
}


def asked_for_a_massage(instead: dict[str, str]) -> Conversation:
    """The check from the wish for a massage on, with some answers of its own."""
    talk = Conversation().say("guide me through a massage", intent="request_massage")
    for _ in range(15):
        question = talk.question
        if question is None or talk.case.in_session:
            break
        talk.say({**CHECK, **instead}.get(question, "no"))
    return talk


def test_an_old_injury_is_no_new_one() -> None:
    old = {"injury": "Yes, I hurt it", "injury_when": "No, longer ago"}
    assert asked_for_a_massage(old).case.step == 1


@pytest.mark.parametrize(
    ("question", "answer", "next_question"),
    [
        ("health", "Yes, a medicine", "health_which"),
        ("health", "Yes, a condition", "health_which"),
        ("age", "yes", "age"),
        ("age", "no", "age"),
        ("injury", "left", "injury"),
    ],
)
def test_what_says_too_little_is_asked_again(
    question: str, answer: str, next_question: str
) -> None:
    before = itertools.takewhile(lambda q: q != question, CHECK)
    case = Case(answers=dict.fromkeys(before, "answered"), side="left")
    talk = Conversation(case.but(pending=question, thread="check"))
    assert talk.say(answer).question == next_question


@pytest.mark.parametrize(
    ("told", "topic", "reason"),
    [
        ("i can't feel heat properly in my hand", "heat", "ci_reduced_sensation"),
        ("i have raynauds", "cold", "ci_ice_vascular"),
        ("my hand is swollen and i dont know why", "retrograde_steps", "ci_swelling"),
        ("i have heart failure", "retrograde_direction", "ci_heart_failure"),
        ("i have a nut allergy", "essential_oils", "ci_oil_allergy"),
    ],
)
def test_how_to_is_not_told_to_whom_it_could_hurt(
    told: str, topic: str, reason: str
) -> None:
    said = Conversation().say(f"{told}. how do i do it?", intent="faq", topic=topic)
    assert topic not in said.items
    assert any(item.startswith(reason) for item in said.items)


def running() -> Conversation:
    case = CLEAR.but(pain_score=3)
    started = massage.start(case, "self_massage", LIBRARY)
    return Conversation(started.case)


def test_somebody_who_is_clear_gets_the_massage() -> None:
    assert asked_for_a_massage({}).case.step == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"heat_swelling": "Hot"},
        {"heat_swelling": "it's a bit warm"},
        {"heat_swelling": "Red or darker"},
        {"heat_swelling": "Swollen"},
        {"unwell": "I feel ill"},
        {"nerve": "don't know"},
        {"skin": "don't know"},
        {"health": "don't know", "health_which": "don't know"},
        {"age": "don't know"},
        {"age": "17"},
        {"age": "Under 16"},
        {"injury": "Yes, I hurt it", "injury_when": "Yes"},
        {"injury": "Yes, I hurt it", "injury_when": "not sure"},
        {"injury": "yes, this morning"},
        {"skin": "yes"},
        {"skin": "there is a rash"},
        {"health": "Yes, a medicine", "health_which": "warfarin"},
        {"health": "yes", "health_which": "heart failure"},
    ],
    ids=str,
)
def test_a_sign_or_a_doubt_in_the_check_leads_to_no_massage(
    answers: dict[str, str],
) -> None:
    talk = asked_for_a_massage(answers)
    assert not talk.case.in_session, talk.text
    said = talk.say("start the massage", intent="request_massage")
    assert not said.case.in_session, said.text
    assert "Start guided wrist massage" not in [
        button.title for message in said.messages for button in message.buttons
    ]


@pytest.mark.parametrize(
    "text",
    [
        "i'm on warfarin",
        "i have heart failure by the way",
        "i'm pregnant, is that ok?",
        "i had cancer last year",
        "there's a small cut on my wrist",
        "i fell on it this morning",
        "i have had a few drinks",
        "i'm 17",
        "does it matter that i take blood thinners?",
    ],
)
def test_a_reason_told_during_a_massage_ends_it(text: str) -> None:
    talk = running().say(text)
    assert not talk.case.in_session, talk.text
    for intent in ("next_step", "resume_massage", "request_massage"):
        talk.say("next", intent=intent)
        assert not talk.case.in_session, talk.text


@pytest.mark.parametrize("text", ["pain 6", "its up to a 5 now", "my pain is 8"])
def test_pain_that_rises_by_two_ends_the_massage(text: str) -> None:
    talk = running().say(text, intent="give_pain_score")
    assert not talk.case.in_session and "stop_more_pain" in talk.items
    assert "child" not in talk.case.findings


def test_pain_that_hardly_rises_does_not() -> None:
    assert running().say("pain is 4", intent="give_pain_score").case.in_session


def test_more_pain_after_the_last_step_is_no_reason_to_go_on() -> None:
    done = running().case.but(step=None, pain_score=8, thread="after")
    reply = massage.after(done, LIBRARY)
    text = reply.messages[0].text
    assert "Keep massage light" not in text and "stop_more_pain" in str(reply.messages)
    assert safety.barred(reply.case, LIBRARY) is not None


def test_after_a_stop_sign_there_is_no_other_massage_today() -> None:
    talk = running().say("a bruise has come up").say("same as before")
    assert "Keep massage light" not in talk.text
    talk.say("start the massage", intent="request_massage")
    assert not talk.case.in_session


@pytest.mark.parametrize(
    "finding", ["fever", "cast", "alcohol", "skin_condition", "recent_injury"]
)
def test_a_mild_result_offers_no_massage_that_would_be_refused(finding: str) -> None:
    case = Case(
        disposition=Disposition.SELF_CARE,
        screen_complete=True,
        findings={"adult": Assertion.PRESENT, finding: Assertion.PRESENT},
    )
    talk = Conversation(case)
    net = massage.after(case.but(pain_score=3, pain_before=3), LIBRARY)
    assert "Keep massage light" not in net.messages[0].text
    assert "not_in_session" not in talk.say("next", intent="next_step").items


def test_a_corrected_side_denies_nothing() -> None:
    talk = Conversation().say("my left wrist hurts").say("no, sorry, the right one")
    assert talk.case.side == "right" and talk.question == "injury"
    assert "injury" not in talk.case.findings and "side_noted" in talk.items


def test_what_no_question_asked_is_acknowledged() -> None:
    talk = Conversation().say("my left wrist hurts from typing")
    talk.say("just since yesterday")
    assert talk.question == "injury" and "detail_noted" in talk.items


def test_a_denial_may_open_a_message() -> None:
    talk = Conversation().say("my left wrist hurts from typing")
    talk.say("Ok and none of that is me. Can I have a massage?", "start_massage")
    assert talk.case.answers["injury"] == "answered"
    assert talk.case.findings["injury"] == "absent"


def test_starting_again_is_no_worsening() -> None:
    talk = running().say("stop", intent="stop_massage")
    talk.say("start massage", intent="request_massage")
    assert not talk.case.has("getting_worse")


def test_a_yes_where_the_pain_is_asked_says_what_is_missing() -> None:
    talk = Conversation(CLEAR.but(pain_score=None, detail="pain_now"))
    assert talk.say("yes", intent="affirm").items == ["score_first", "pain_now"]


def test_only_a_question_denies_nothing() -> None:
    talk = Conversation().say("my wrist hurts")
    talk.say("what does numb mean?", intent="faq").say("no", intent="deny")
    assert "numbness" not in talk.case.present
    assert talk.case.findings.get("numbness") is not Assertion.ABSENT


def test_what_was_denied_is_stored_too_and_told() -> None:
    talk = Conversation().say("my wrist hurts, no fever")
    assert "fever" in talk.say("what do you know", intent="ask_stored_data").text


@pytest.mark.parametrize(
    "text", ["can he wait until tomorrow?", "he doesn't want to go", "should he go?"]
)
def test_more_about_somebody_in_danger_is_about_them(text: str) -> None:
    talk = Conversation().say("my grandad fell and his wrist is bent")
    talk.say("since today").say(text, intent="nlu_fallback")
    assert "for_person" in talk.items and "A&E" in talk.text
    assert not talk.case.findings


def test_a_question_that_is_gone_breaks_no_kept_conversation() -> None:
    assert not safety.left_unsure(CLEAR.but(answers={"gone": "unsure"}), LIBRARY)

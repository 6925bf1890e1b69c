"""What holds for every action: slots in, whole messages out, no surprise."""

import asyncio
import json

import pytest
from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CaseAction
from tests.actions.harness import action_classes, run
from tests.wrist.conversation import Conversation
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply
from wrist.render import MAX_WORDS, count_words

STATES = {
    "a fresh conversation": {},
    "in the check": {
        "thread": "check",
        "pending": "nerve",
        "findings": {"pain": "present"},
    },
    "in a massage": {
        "disposition": "self_care",
        "screen_complete": True,
        "technique": "self_massage",
        "step": 4,
        "thread": "massage",
        "pain_before": 3,
    },
    "after a massage": {
        "thread": "after",
        "technique": "self_massage",
        "pain_score": 2,
    },
    "in danger": Conversation().say("my wrist is hot and swollen").case.to_slots(),
    "in an emergency": Conversation()
    .say("my fingers are blue and cold")
    .case.to_slots(),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(action_classes()))
def test_every_action_says_something_whole_in_every_state(
    name: str, state: str
) -> None:
    result = run(name, STATES[state], intent="inform_details", topic="heat_or_cold")
    assert result.messages
    for message in result.messages:
        assert message["text"].strip() and "\n\n" not in message["text"]
        assert message["custom"]["items"], "custom names what was said"
        for button in message["buttons"] or ():
            assert set(button) == {"title", "payload"}
    if name != "action_give_summary":  # as long as what was told
        assert count_words(result.text) <= MAX_WORDS, result.text
    json.dumps(result.events)
    *changes, last = result.events
    for event in changes:
        assert event["event"] == "slot" and event["name"] in Case.__fields__
    assert last == FollowupAction("action_listen"), "then it is the user's turn"


@pytest.mark.parametrize("name", sorted(action_classes()))
def test_no_action_lowers_what_stands_or_starts_a_massage_in_danger(name: str) -> None:
    for state in ("in danger", "in an emergency"):
        before = STATES[state]
        result = run(name, before, intent="request_massage", topic="self_massage")
        after = result.slots
        if name != "action_delete_data" or not after.get("erase"):
            assert after["disposition"] == before["disposition"]
        assert after.get("step") is None
        assert "massage_step" not in [m["custom"].get("type") for m in result.messages]


def test_an_action_that_said_nothing_does_not_end_the_turn() -> None:
    class Silent(CaseAction):
        def name(self) -> str:
            return "action_silent"

        def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
            return Reply([], case)

    tracker = Tracker("me", {}, {}, [], False, None, {}, "action_listen")
    assert asyncio.run(Silent().run(CollectingDispatcher(), tracker, {})) == []


def test_consent_is_recorded_as_it_was_said() -> None:
    for intent, consent in (("give_consent", True), ("withdraw_consent", False)):
        result = run("action_record_consent", {}, intent=intent)
        assert result.slots["consent"] is consent


def test_deletion_needs_a_yes() -> None:
    asked = run("action_confirm_deletion", {"side": "left"}).slots
    assert asked["detail"] == "confirm_delete" and asked["side"] == "left"
    kept = run(
        "action_delete_data", {**asked, "answers": {"confirm_delete": "answered_no"}}
    )
    assert kept.slots["side"] == "left" and kept.items == ["kept"]
    gone = run(
        "action_delete_data", {**asked, "answers": {"confirm_delete": "answered_yes"}}
    )
    assert gone.slots["side"] is None and gone.slots["erase"] is True


def test_deletion_repeats_the_advice_that_stands_with_its_source() -> None:
    danger = {**STATES["in danger"], "answers": {"confirm_delete": "answered_yes"}}
    result = run("action_delete_data", danger)
    assert "deleted" in result.items and len(result.items) > 1
    assert result.messages[0]["custom"]["sources"]


def test_a_referral_names_no_person_and_no_place_of_its_own() -> None:
    for state in STATES.values():
        result = run("action_give_referral", state)
        assert result.messages[0]["custom"]["sources"]


def test_a_summary_says_what_was_told_and_that_nobody_signed_it_off() -> None:
    slots = Conversation().say("my left wrist aches from guitar, no fever, i'm 30").case
    result = run("action_give_summary", slots.to_slots())
    assert "left wrist" in result.text and "30" in result.text
    assert result.messages[0]["custom"]["type"] == "summary"
    assert "not signed off" in result.text


def test_warnings_need_nothing_to_be_known() -> None:
    assert run("action_give_safety_warning", {}).items == ["warnings"]


def test_who_asks_why_is_told_why_and_asked_again() -> None:
    result = run("action_explain_question", {"pending": "nerve", "thread": "check"})
    assert result.messages[0]["custom"]["question"] == "nerve"
    assert result.messages[0]["custom"]["sources"]
    assert run("action_explain_question", {}).items == ["why_no_question"]


def test_who_doubts_in_the_check_is_told_why_and_asked_again() -> None:
    case = Conversation().say("my left wrist aches and i take warfarin").case
    assert case.pending
    explained = run("action_explain_advice", case.to_slots())
    assert "told" in explained.items
    assert explained.messages[0]["custom"]["question"] == case.pending


def test_advice_that_was_not_understood_is_explained() -> None:
    slots = Conversation().say("i fell and my wrist is bent out of shape").case
    explained = run("action_explain_question", slots.but(pending=None).to_slots())
    assert "told" in explained.items

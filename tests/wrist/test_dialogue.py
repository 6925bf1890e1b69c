"""What comes next whatever intent was guessed."""

import pytest

from tests.wrist.conversation import FALLBACK, Conversation
from wrist import dialogue


@pytest.mark.parametrize(
    "text",
    [
        "is the stop sign around the corner still knocked over",
        "how many people live with a mental illness",
        "what should i take for nausea",
        "what film is 'just a flesh wound' from?",
        "how do you make sure a bridge doesn't fall down",
    ],
)
def test_a_question_nobody_understood_begins_no_check(text: str) -> None:
    assert Conversation().say(text, "nlu_fallback").action == FALLBACK


@pytest.mark.parametrize(
    "text",
    [
        "knocked it on the door yesterday",
        "is it bad that my wrist is swollen?",
        "fell off my bike",
        "what do i do, it hurts when i grip?",
    ],
)
def test_a_finding_that_nobody_understood_begins_the_check(text: str) -> None:
    talk = Conversation().say(text, "nlu_fallback")
    assert talk.action != FALLBACK


def test_a_question_nobody_understood_counts_where_something_was_told() -> None:
    talk = Conversation().say("my wrist hurts", "report_pain")
    talk.say("could it be that i knocked it?", "nlu_fallback")
    assert talk.action != FALLBACK


def test_danger_comes_before_a_question_nobody_understood() -> None:
    talk = Conversation().say("is my hand meant to be blue and cold?", "nlu_fallback")
    assert talk.action == dialogue.FLAG_QUESTION


@pytest.mark.parametrize("text", ["should i massage it", "is she going to be ok"])
def test_a_question_after_another_persons_advice_gets_that_advice(text: str) -> None:
    talk = Conversation()
    talk.say("my mum fell on her hand today and it is a funny shape", "report_pain")
    advice = set(talk.items)
    assert talk.action == dialogue.OTHER_CASE
    talk.say(text, "nlu_fallback")
    assert talk.action == dialogue.OTHER_CASE
    assert set(talk.items) == advice


def test_somebody_rude_who_tells_of_pain_is_checked() -> None:
    talk = Conversation().say("my wrist hurts you idiot", "report_pain")
    assert talk.question == "injury"


def test_an_insult_is_no_answer_to_the_open_question() -> None:
    talk = Conversation().say("my wrist hurts", "report_pain")
    talk.say("what was that?", "repeat_step")
    talk.say("this is a waste of time", "insult")
    assert talk.action == dialogue.FRUSTRATION
    assert talk.question == "injury"


def test_thanks_is_no_answer_to_the_open_question() -> None:
    talk = Conversation().say("my wrist hurts", "report_pain")
    talk.say("what was that?", "repeat_step")
    talk.say("thanks", "thank")
    assert talk.question == "injury"
    assert "injury" not in talk.case.answers


def test_what_stays_unclear_when_asked_again_counts_as_not_sure() -> None:
    talk = Conversation().say("my wrist hurts", "report_pain")
    talk.say("it is what it is", "inform_details")
    assert talk.question == "injury"
    talk.say("you know how it goes", "inform_details")
    assert talk.case.answers == {"injury": "unsure"}


def test_a_reason_against_massage_leaves_the_check_open() -> None:
    talk = Conversation().say("my wrist hurts and i take warfarin", "report_pain")
    talk.say("can i have a massage", "request_massage")
    assert "ci_anticoag" in talk.items
    assert talk.question == "injury"


def test_a_doubt_about_an_asked_flag_counts_as_yes() -> None:
    talk = Conversation().say("no face is fine", "inform_details")
    assert talk.case.asked_flag == "rf_stroke"
    talk.say("am i having a stroke", "request_check")
    assert "rf_stroke" in talk.case.red_flags
    assert talk.action == dialogue.URGENT_ADVICE


def test_a_side_given_while_the_check_is_open_goes_on_with_it() -> None:
    talk = Conversation().say("my wrist hurts", "report_pain")
    talk.say("right", "affirm")
    assert (talk.case.side, talk.question) == ("right", "injury")
    assert "acknowledge" not in talk.items


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("am i having a heart attack my left arm hurts and im sweating", "rf_cardiac"),
        ("am i having a stroke", "rf_stroke"),
    ],
)
def test_a_feared_emergency_is_asked_about(text: str, flag: str) -> None:
    talk = Conversation().say(text, "inform_details")
    assert talk.action == dialogue.FLAG_QUESTION
    assert talk.case.asked_flag == flag
    talk.say("yes", "affirm")
    assert talk.action == dialogue.URGENT_ADVICE


@pytest.mark.parametrize(
    ("text", "intent"),
    [("i am bleeding", "out_of_scope"), ("its bleeding send help", "nlu_fallback")],
)
def test_bleeding_is_asked_about_before_anything_else(text: str, intent: str) -> None:
    talk = Conversation().say(text, intent)
    assert talk.action == dialogue.FLAG_QUESTION
    assert talk.case.asked_flag == "rf_heavy_bleeding"
    talk.say("yes", "affirm")
    assert talk.action == dialogue.URGENT_ADVICE


def test_bleeding_that_stopped_is_asked_about_once() -> None:
    talk = Conversation().say("my wrist is bleeding a bit", "report_pain")
    assert talk.action == dialogue.FLAG_QUESTION
    talk.say("no", "deny")
    assert talk.case.asked_flag is None
    talk.say("it is the left one", "inform_details")
    assert (talk.case.asked_flag, talk.question) == (None, "injury")


def test_when_it_began_is_no_answer_to_another_question() -> None:
    talk = Conversation().say("my wrist hurts", "report_pain")
    talk.say("left one", "inform_details").say("since monday", "inform_details")
    assert talk.question == "injury"
    assert "injury" not in talk.case.answers


def test_nobody_in_danger_hears_what_massage_does() -> None:
    talk = Conversation().say("wrist hot, red and swollen, fever", "report_pain")
    talk.say("should i massage it to help", "faq", "massage_effectiveness")
    assert talk.action == dialogue.STANDING_ADVICE


@pytest.mark.parametrize("text", ["start", "yes", "show me how", "begin"])
def test_a_massage_that_is_offered_starts_however_it_is_said(text: str) -> None:
    talk = Conversation().say("my wrist aches from typing, 5 days", "report_pain")
    talk.say("no injury, not swollen or hot, i feel well", "inform_details")
    talk.say("no numbness, skin is ok, i'm 58, no medicines", "inform_details")
    talk.say("3", "give_pain_score")
    assert talk.question == "start_now"
    talk.say(text, "start_over")
    assert talk.case.step == 1


def test_a_refusal_that_begins_with_no_denies_nothing() -> None:
    talk = Conversation().say("my wrist hurts", "report_pain")
    talk.say("no i refuse", "deny")
    assert talk.case.answers["injury"] == "refused"
    assert "injury" not in talk.case.findings


def test_an_injury_told_during_the_check_leads_to_its_questions() -> None:
    talk = Conversation().say("show me the massage", "request_massage")
    talk.say("my hand is swollen after i knocked it 2 days ago", "report_pain")
    assert talk.question == "injury_signs"
    assert talk.case.step is None


@pytest.mark.parametrize("text", ["no fever, since this morning", "from gymnastics"])
def test_an_answer_about_another_person_tells_nothing_of_the_writer(text: str) -> None:
    talk = Conversation().say("my daughter is 8 and her wrist hurts", "report_pain")
    assert talk.action == dialogue.OTHER_CASE
    talk.say(text, "inform_details")
    assert talk.action in {dialogue.NOTED_OTHER, dialogue.OTHER_CASE}
    assert not talk.case.findings
    assert talk.case.trigger is None


def test_the_writer_may_speak_of_their_own_wrist_after_another_person() -> None:
    talk = Conversation().say("my daughter is 8 and her wrist hurts", "report_pain")
    talk.say("my own wrist hurts too", "report_pain")
    assert talk.question == "injury"
    assert talk.case.has("pain")


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("i fell and my wrist is bent", True),
        ("my wrist is hot and swollen", True),
        ("my face has dropped on one side", False),  # an ambulance comes to them
        ("my wrist aches a bit", False),
    ],
)
def test_who_cannot_get_there_is_told_whom_to_call(first: str, told: bool) -> None:
    said = Conversation().say(first).say("but i have no car", intent="deny")
    assert ("no_way_there" in said.items) is told
    if told:
        assert "111" in said.text and said.messages[0].custom["type"] == "care_card"

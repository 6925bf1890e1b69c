"""What is told of somebody else is theirs: denials, ages and times as well."""

import pytest

from tests.wrist.conversation import Conversation
from wrist.models import Assertion, Disposition


def test_what_is_denied_for_another_does_not_make_them_ill() -> None:
    said = Conversation().say("my son's wrist is sore and swollen, he has no fever")
    assert said.case.family["son"]["fever"] is Assertion.ABSENT
    assert all("rf_septic_joint" not in o.red_flags for o in said.case.other_cases)
    assert not said.case.findings


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("took mum to the shops. fingers have gone blue and cold", "rf_cold_pale_blue"),
        ("fingers have gone blue. wife has a sore wrist too", "rf_cold_pale_blue"),
        ("my mum has a sore wrist. fingers have gone blue here", "rf_cold_pale_blue"),
        ("husband is driving. chest pain and left arm hurts", "rf_cardiac"),
        ("chest pain going down left arm, wife is calling a taxi", "rf_cardiac"),
        ("fell off the ladder, wrist looks bent, son is at school", "rf_deformity"),
        (
            "daughter has a cold. cannot move fingers since a fall",
            "rf_cannot_move_hold",
        ),
    ],
)
def test_danger_that_is_told_without_i_or_my_is_the_writers_beside_another(
    text: str, flag: str
) -> None:
    said = Conversation().say(text)
    assert flag in said.case.red_flags and not said.case.other_cases
    assert said.action == "utter_urgent_advice"


@pytest.mark.parametrize(
    "text",
    [
        "mum is asleep and fingers have gone blue",
        "wife is at work, fingers have gone blue",
        "at mum's. fingers have gone blue",
        "caring for mum. fingers have gone blue",
    ],
)
def test_danger_that_may_be_either_persons_is_answered_for_one_of_them(
    text: str,
) -> None:
    said = Conversation().say(text)
    assert said.messages[0].custom["level"] == Disposition.EMERGENCY_AMBULANCE.value
    assert "999" in said.text


@pytest.mark.parametrize(
    "text",
    [
        "my 6 year old daughter fell on her hand",
        "my daughter is 6, she fell on her hand",
    ],
)
def test_the_age_of_a_child_is_not_that_of_the_writer(text: str) -> None:
    case = Conversation().say(text).case
    assert case.age is None and "child" not in case.findings
    assert case.family["daughter"]["child"] is Assertion.PRESENT


def test_an_age_decides_for_another_person_as_well() -> None:
    case = Conversation().say("my mum is 78 and she fell on her wrist").case
    assert "rf_fall_older_osteoporosis" in case.other_cases[0].red_flags


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("my mum's wrist is bent", ("fever", "Since when", "How old")),
        ("my mum is 78, her wrist is bent", ("fever", "Since when")),
        ("my mum is 78, her wrist is bent since yesterday", ("fever",)),
    ],
)
def test_only_what_was_not_told_is_asked(text: str, asked: tuple[str, ...]) -> None:
    last = Conversation().say(text).text.splitlines()[-1]
    every = ("fever", "Since when", "How old")
    assert [part for part in every if part in last] == list(asked)


def test_nothing_is_asked_where_all_is_told() -> None:
    said = Conversation().say("my mum is 78, no fever, her wrist is bent since monday")
    assert said.question is None and "emergency" in said.messages[0].custom["level"]
    later = said.say("she says it is fine", intent="doubt_advice")
    assert not later.case.findings


def test_a_denial_takes_back_no_advice() -> None:
    said = Conversation().say("my mum's wrist is bent").say("her wrist is not bent")
    other = said.case.other_cases[0]
    assert other.disposition is Disposition.EMERGENCY_DEPARTMENT
    assert other.red_flags == ("rf_deformity",)
    again = said.say("can i massage it for her?", intent="request_massage")
    assert "rf_deformity" in again.items

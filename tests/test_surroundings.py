"""An emergency stays one whatever stands around it, read by the whole language part."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.nlu import flag_sentences
from tools import serving
from tools.environment import ROOT
from tools.evaluate import language, safety
from tools.evaluate.language import Parse
from wrist import hearing, lexicon, library
from wrist.case import Case
from wrist.models import Disposition

FILLINGS = 1_000
CONTENT = library.load()
EMERGENCIES = (
    "there is bone poking through the skin",
    "my wrist is bent out of shape since i fell",
    "i heard a snap when i fell and now it is swollen",
    "i can't move my fingers since the accident",
    "i can't feel my fingers since i fell",
    "my fingers have gone blue",
    "my hand is cold and white",
    "my wrist is bleeding and it won't stop",
    "i cut my hand and now one finger won't bend",
    "my forearm is rock hard and in agony since it was crushed",
    "my cast is too tight and my fingers are blue",
    "my wrist is hot and swollen and i have a fever",
    "my whole finger is swollen, stuck bent and agony to straighten",
    "my hand is infected and i feel confused and shivery",
    "a grease gun went into my finger",
    "i fell on my hand and it hurts at the base of my thumb",
    "i came off my motorbike and hurt my head and wrist",
    "my arm is swollen and i can't breathe properly",
    "i have pain in my chest going down my left arm",
    "my face is drooping and my arm is weak",
    "both my hands are clumsy and my legs are unsteady",
    "my lips and tongue are swelling after the massage oil",
    "i took too many painkillers today",
    "i want to kill myself",
    "my husband twisted my arm and i am scared to go home",
)
EVERYDAY = [
    one.text
    for one in flag_sentences.read(flag_sentences.FOLDER / "everyday.tsv")
    if len(one.text.split()) > 3
]
AROUND = st.lists(st.sampled_from(EVERYDAY), max_size=3)
# Long enough on both sides that the encoder never reads the middle with an end.
BEFORE = """
Hello there. I hope you can help me with something. I work in an office in town. Most of
the day I type letters and answer emails. In the evening I like to knit and watch
television. My wrist is a bit stiff when I start in the morning. It gets easier once I
have moved it for a while. A friend told me that massage might be good for it. She
learned how to do it on a course last spring. I have some almond oil in the kitchen. I
also bought a soft ball to squeeze. My neighbour lent me her book about hand exercises.
It has nice pictures of every stretch. I read two pages of it each night before bed.
"""
AFTER = """
I would like to know how long a massage should take. I usually have time after dinner.
My cat likes to sit on my lap then, so it has to work on the sofa. I can also do it at
my desk. The chair there is new and quite comfortable. I moved the mouse closer as well.
Please tell me which oil is best. I would rather not use anything with a strong smell.
My sister prefers the one with lavender. The shop in the village sells both of them.
They are open until six on weekdays. Thank you very much for your time. Have a lovely
day.
"""
# Danger that no rule knows, and the flag of it.
UNLISTED = (
    (
        "My hand looks like the hand of a corpse, all waxy and lifeless.",
        "rf_cold_pale_blue",
    ),
    ("My mouth hangs on one side and I am talking like a drunk.", "rf_stroke"),
    ("An elephant is sitting on my ribs and it goes down into my arm.", "rf_cardiac"),
)
URGENT = Disposition.EMERGENCY_DEPARTMENT


@pytest.fixture(scope="module")
def parse() -> Parse:
    return language.load(serving.newest(ROOT))


def outcome(parse: Parse, text: str) -> safety.Outcome:
    return safety.first_outcome(parse(text), None)


@pytest.mark.parametrize("emergency", EMERGENCIES)
def test_alone_it_is_raised_at_once(parse: Parse, emergency: str) -> None:
    assert outcome(parse, emergency).level.at_least(URGENT)


def test_among_others_it_is_raised_or_asked_about(parse: Parse) -> None:
    asked = []

    @settings(max_examples=FILLINGS, deadline=None, derandomize=True)
    @given(AROUND, st.sampled_from(EMERGENCIES), AROUND)
    def check(before: list[str], emergency: str, after: list[str]) -> None:
        text = ". ".join([*before, emergency, *after])
        found = outcome(parse, text)
        if not found.level.at_least(URGENT):
            # A milder rule of the flag may hold: "year end" is read as a long time.
            assert found.asked is not None or found.raised, text
            asked.append(text)

    check()
    assert len(asked) <= FILLINGS / 10, f"{len(asked)} not at once: {asked[:5]}"


def story(middle: str = "") -> str:
    return " ".join(f"{BEFORE} {middle} {AFTER}".split())


def named(found: safety.Outcome) -> set[str | None]:
    return {*found.raised, found.asked}


@pytest.mark.parametrize(("danger", "flag"), UNLISTED)
def test_in_the_middle_of_a_long_message_the_second_detector_alone_finds_it(
    parse: Parse, danger: str, flag: str
) -> None:
    rules = hearing.hear(Case(), lexicon.default().read(story(danger)), CONTENT)
    assert flag not in {*rules.red_flags, rules.asked_flag}, "a rule knows it"
    assert flag not in named(outcome(parse, story())), "the story raises it anyway"
    found = outcome(parse, story(danger))
    assert flag in named(found), found

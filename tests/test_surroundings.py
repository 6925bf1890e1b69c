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
from wrist.models import Disposition

FILLINGS = 1_000
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

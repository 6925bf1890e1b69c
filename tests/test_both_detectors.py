"""Both detectors in the trained model: no doubt silences danger that rules know."""

from __future__ import annotations

import pytest

from tests.wrist import test_lay_words, test_triage
from tools import serving
from tools.environment import ROOT
from tools.evaluate import language, safety
from tools.evaluate.language import Parse
from wrist import library
from wrist.models import Disposition

URGENT = Disposition.EMERGENCY_DEPARTMENT
LAY = [
    text for text, level in test_lay_words.DANGER if Disposition(level).at_least(URGENT)
]
OPENINGS = [
    one["says"][0] for one in test_triage.TABLE["emergencies"] if len(one["says"]) == 1
]


@pytest.fixture(scope="module")
def parse() -> Parse:
    return language.load(serving.newest(ROOT))


@pytest.mark.parametrize("text", [*LAY, *OPENINGS])
def test_an_emergency_that_rules_know_is_raised_or_asked_about(
    parse: Parse, text: str
) -> None:
    found = safety.first_outcome(parse(text), None)
    asked = found.asked and library.default().red_flags[found.asked].level
    assert any(one and one.at_least(URGENT) for one in (found.level, asked))

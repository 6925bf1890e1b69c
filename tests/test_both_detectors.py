"""Both detectors in the trained model: no doubt silences danger that rules know."""

from __future__ import annotations

import pytest

from tests.wrist import test_languages, test_lay_words, test_triage
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


@pytest.mark.parametrize(("code", "text", "flag"), test_languages.SAID)
def test_an_emergency_in_another_language_is_raised(
    parse: Parse, code: str, text: str, flag: str
) -> None:
    assert flag in safety.first_outcome(parse(text), None).raised


@pytest.mark.parametrize(("code", "phrase", "finding"), test_languages.PHRASES)
def test_a_phrase_of_another_language_is_neither_doubted_nor_guessed_at(
    parse: Parse, code: str, phrase: str, finding: str
) -> None:
    opening = " ".join(test_languages.LANGUAGES[code]["detect"][:3])
    found = parse(f"{opening} {phrase}")["findings"]
    assert finding in {one["id"] for one in found}
    assert not any(one.get("doubt") or one.get("by") for one in found)

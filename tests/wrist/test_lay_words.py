"""Danger in the words of people who do not know ours, and what only sounds like it."""

from pathlib import Path

import pytest
import yaml

from tests.wrist.conversation import Conversation
from wrist.models import Disposition

TABLE = yaml.safe_load((Path(__file__).parent / "lay_words.yml").read_text("utf-8"))
DANGER = [(text, level) for level, texts in TABLE["level"].items() for text in texts]


@pytest.mark.parametrize(("text", "level"), DANGER)
def test_danger_is_heard_however_it_is_put(text: str, level: str) -> None:
    case = Conversation().say(text).case
    found = [case.disposition, *(other.disposition for other in case.other_cases)]
    assert any(one.at_least(Disposition(level)) for one in found)


@pytest.mark.parametrize("text", TABLE["quiet"])
def test_what_only_sounds_like_danger_raises_nothing(text: str) -> None:
    case = Conversation().say(text).case
    assert not case.red_flags and not case.asked_flag

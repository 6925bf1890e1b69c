"""Whatever can be said: short, easy to read, sourced, and none of the false claims."""

from __future__ import annotations

import re
import statistics
from functools import cache
from typing import Any

import pytest

from tests.conversations.invariants import (
    DIAGNOSIS,
    DOSE,
    false_claims,
    unknown_numbers,
    without_statements,
)
from tools import rule_set
from tools.evaluate import sayings
from tools.evaluate.reading import grade
from wrist import crosscheck, library
from wrist.library import CONTENT
from wrist.models import Disposition
from wrist.render import MAX_WORDS, count_words, fill

LIBRARY = library.load()
MOST_GRADE, MEDIAN_GRADE = 8.0, 6.0
FEW_WORDS = 4  # of fewer a grade says nothing
OTHER_LANGUAGES = ("emergency_card_", "multi_card")
REGIONS = ("uk", "us", "eu")


@cache
def messages() -> list[dict[str, Any]]:
    """One of each thing that the content can say by itself."""
    found = [message for turn in sayings.every_turn(LIBRARY) for message in turn]
    return [m for m in found if not _is_foreign(m)]


def _is_foreign(message: dict[str, Any]) -> bool:
    items = (message.get("custom") or {}).get("items", ())
    return any(item.startswith(OTHER_LANGUAGES) for item in items)


def about(message: dict[str, Any]) -> str:
    items = (message.get("custom") or {}).get("items", ())
    return f"{', '.join(items)}: {message['text']!r}"


def test_there_is_much_to_say() -> None:
    assert len(messages()) > 500


def test_no_reply_has_more_than_sixty_words() -> None:
    long = [about(m) for m in messages() if count_words(m["text"]) > MAX_WORDS]
    assert not long, f"{len(long)}: {long[:5]}"


def test_every_reply_is_easy_to_read() -> None:
    texts = {m["text"]: m for m in messages() if count_words(m["text"]) >= FEW_WORDS}
    grades = {text: grade(text) for text in texts}
    hard = [f"{g:.1f} {about(texts[t])}" for t, g in grades.items() if g > MOST_GRADE]
    assert not hard, f"{len(hard)}: {hard[:5]}"
    assert statistics.median(grades.values()) <= MEDIAN_GRADE


def test_every_answer_alone_is_easy_to_read() -> None:
    hard = {}
    for item in LIBRARY.answers.values():
        for part in (item.say, item.more):
            text = " ".join(fill(one.say, LIBRARY) for one in part)
            if part and grade(text) > MOST_GRADE:
                hard[item.id] = round(grade(text), 1)
    assert not hard


def test_nothing_that_is_said_is_on_the_do_not_repeat_list() -> None:
    wrong = [
        f"{claim} in {about(message)}"
        for message in messages()
        for claim in false_claims(
            message["text"],
            (message.get("custom") or {}).get("statements", []),
            LIBRARY,
        )
    ]
    assert not wrong, f"{len(wrong)}: {wrong[:5]}"


def test_no_sentence_of_the_content_is_on_the_do_not_repeat_list() -> None:
    """Also where no conversation has led yet; the claims themselves are quoted."""
    wrong = [
        f"{item}: {claim}"
        for item, sentence in crosscheck.sentences(LIBRARY)
        for claim in false_claims(fill(sentence.say, LIBRARY), [], LIBRARY)
    ]
    texts = [p.text for p in LIBRARY.phrases.values()]
    texts += [q.ask for q in LIBRARY.questions.values()]
    wrong += [claim for text in texts for claim in false_claims(text, [], LIBRARY)]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize(
    "correction", LIBRARY.corrections.values(), ids=lambda c: c.ref
)
def test_the_patterns_would_catch_the_articles_own_words(correction: Any) -> None:
    """A pattern that matches nothing at all guards nothing."""
    for pattern in correction.never_say:
        assert not re.search(pattern, ""), pattern
        assert re.search(r"[a-z]{3}", pattern), pattern


def test_every_reply_names_the_sources_of_all_that_is_medical() -> None:
    bare = [
        f"{left.strip()!r} in {about(message)}"
        for message in messages()
        if re.search(r"\w", left := without_statements(message, LIBRARY))
    ]
    assert not bare, f"{len(bare)}: {bare[:5]}"


def test_no_diagnosis_no_dose_no_number_of_nobodys() -> None:
    wrong = [
        about(message)
        for message in messages()
        if DIAGNOSIS.search(message["text"])
        or DOSE.search(message["text"])
        or unknown_numbers(message["text"], LIBRARY)
    ]
    assert not wrong, wrong[:5]


def test_no_message_has_a_blank_line_or_an_open_brace() -> None:
    for message in messages():
        assert "\n\n" not in message["text"], about(message)
        assert not re.search(r"[{}]", message["text"]), about(message)


def test_a_care_card_says_nothing_that_the_text_lacks() -> None:
    for message in messages():
        custom = message.get("custom") or {}
        if custom.get("type") == "care_card":
            assert custom["level"] and custom["heading"]
            assert len(custom["points"]) <= 5, about(message)


@pytest.mark.parametrize("flag", LIBRARY.red_flags.values(), ids=lambda f: f.id)
def test_a_red_flags_card_says_what_to_do_and_where(flag: Any) -> None:
    words = LIBRARY.region.words
    places = [
        words[name]
        for name in (
            *("call_emergency", "ed", "urgent_care", "urgent_advice", "doctor"),
            *("crisis_line", "child_line", "abuse_line", "maternity", "physio_access"),
        )
    ]
    cards = [(flag.level, flag.heading, flag.points)]
    cards += [
        (v.level, v.heading or flag.heading, v.points or flag.points)
        for v in flag.variants
    ]
    for level, heading, points in cards:
        lines = [heading or LIBRARY.levels.headings[level], *(p.say for p in points)]
        said = " ".join(fill(line, LIBRARY) for line in lines)
        assert any(place in said for place in places), (flag.id, level.value, said)


NAMES_ABUSE = re.compile(
    r"abus|violen|assault|attack|threat|hurt|harm|\bhit|beat|scared|afraid|police"
    r"|partner|husband|wife|boyfriend|girlfriend|parent|someone",
    re.IGNORECASE,
)


@pytest.mark.parametrize("region", REGIONS)
def test_the_heading_of_a_safeguarding_reply_names_no_abuse(region: str) -> None:
    content = library.load(region=region)
    level = Disposition.SAFEGUARDING
    cards = [
        m["custom"]
        for turn in sayings.every_turn(content)
        for m in turn
        if (m.get("custom") or {}).get("level") == level.value
    ]
    assert cards
    headings = {card["heading"] for card in cards}
    headings |= {content.levels.headings[level], content.levels.names[level]}
    assert not [one for one in headings if NAMES_ABUSE.search(one)]


def test_a_safeguarding_reply_does_not_say_why_it_was_given() -> None:
    reasons = [
        (v.reason or flag.reason)
        for flag in LIBRARY.red_flags.values()
        if flag.level is Disposition.SAFEGUARDING
        for v in (flag, *flag.variants)
    ]
    said = [
        m["text"]
        for m in messages()
        if (m.get("custom") or {}).get("level") == Disposition.SAFEGUARDING.value
    ]
    assert reasons and said
    assert not [text for text in said if any(reason in text for reason in reasons)]


# --- regions --------------------------------------------------------------------------


def test_all_regions_have_the_same_words() -> None:
    assert {path.stem for path in (CONTENT / "regions").glob("*.yml")} == set(REGIONS)
    uk = library.load(region="uk").region
    for name in REGIONS:
        region = library.load(region=name).region
        assert set(region.words) == set(uk.words), name
        assert set(region.sources) <= set(region.words), name
        assert all(text.strip() for text in region.words.values()), name


@pytest.mark.parametrize(
    ("region", "number"), [("uk", "999"), ("us", "911"), ("eu", "112")]
)
def test_emergency_numbers_are_those_of_the_region(region: str, number: str) -> None:
    words = library.load(region=region).region.words
    assert words["emergency_number"] == number
    assert number in words["call_emergency"]
    others = {"999", "911", "112"} - {number}
    for name, text in words.items():
        assert not set(re.findall(r"\d+", text)) & others, (name, text)


@pytest.mark.parametrize("region", REGIONS)
def test_every_reply_is_short_and_easy_in_every_region(region: str) -> None:
    content = library.load(region=region)
    turns = sayings.every_turn(content)
    found = [m for turn in turns for m in turn if not _is_foreign(m)]
    long = [about(m) for m in found if count_words(m["text"]) > MAX_WORDS]
    assert not long, f"{len(long)}: {long[:5]}"
    hard = [
        about(m)
        for m in found
        if count_words(m["text"]) >= FEW_WORDS and grade(m["text"]) > MOST_GRADE
    ]
    assert not hard, f"{len(hard)}: {hard[:5]}"


# --- what was not checked at a source -------------------------------------------------


def test_make_rules_lists_every_sentence_without_a_source() -> None:
    listed = set(rule_set.unsourced(LIBRARY))
    expected = {
        (item, sentence.say)
        for item, sentence in crosscheck.sentences(LIBRARY)
        if "unsourced" in sentence.sources
    }
    assert expected and expected <= listed


def test_nothing_is_signed_off_yet() -> None:
    """Nobody has; whoever does writes the name, and this test goes."""
    for kind in vars(LIBRARY).values():
        for item in kind.values() if isinstance(kind, dict) else ():
            assert getattr(item, "signed_off_by", None) is None, item.id

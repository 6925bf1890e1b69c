"""Long messages are cut into clauses that can be found again in the text."""

import random
import re
import string
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from addons.nlu import clauses

WORD = re.compile(r"\w+")
AS_FOUND = (Phase.explicit, Phase.generate)  # to make a long text shorter takes minutes
WORDS = st.sampled_from(
    [
        "my",
        "wrist",
        "hurts",
        "and",
        "but",
        "3.5",
        "can't",
        "é",
        "腕",
        "a-b",
        "<b>",
        "no",
    ]
)
MARKS = st.sampled_from([" ", ". ", ", ", "?! ", "\n", " - ", "; ", "…", ": ", "  "])
LONG = st.lists(st.tuples(WORDS, MARKS), min_size=60, max_size=400).map(
    lambda pairs: "".join(word + mark for word, mark in pairs)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("does massage help", ["does massage help"]),
        ("Hi. My wrist hurts! Can I rub it?", ["Hi", "My wrist hurts", "Can I rub it"]),
        ("It is 3.5 cm wide.\nIs that bad", ["It is 3.5 cm wide", "Is that bad"]),
        ("", []),
        ("  ... \n ?!", []),
    ],
)
def test_sentences_are_clauses(text: str, expected: list[str]) -> None:
    assert [one.text.rstrip("?!.") for one in clauses.split(text)] == expected


def test_a_short_single_sentence_has_no_clauses_beside_it() -> None:
    assert clauses.of_message("can i massage it if it is swollen") == []


def test_a_long_sentence_is_cut_at_its_joints() -> None:
    text = "my wrist hurts when i type and " * 8 + "what should i do"
    found = clauses.split(text)
    assert len(found) >= 3
    assert max(len(one.text.split()) for one in found) <= (
        clauses.LONGEST_CLAUSE_WORDS + 8
    )


@pytest.mark.parametrize("seed", range(40))
def test_every_clause_stands_at_its_offsets(seed: int) -> None:
    rng = random.Random(seed)
    letters = string.ascii_letters + " .,;!?\n-—'é😀" + " and but or "
    text = "".join(rng.choice(letters) for _ in range(rng.randrange(2000)))
    every = clauses.split(text)
    for one in every:
        assert text[one.start : one.end] == one.text
    assert [one.start for one in every] == sorted(one.start for one in every)
    assert len(clauses.of_message(text)) <= clauses.MOST_CLAUSES


def test_questions_and_the_ends_are_read_first() -> None:
    told = [f"This is sentence {number}." for number in range(40)]
    told[17] = "Can I put heat on it?"
    told[25] = "should i see somebody."
    chosen = [one.text for one in clauses.of_message(" ".join(told))]
    assert len(chosen) == clauses.MOST_CLAUSES
    assert "Can I put heat on it?" in chosen
    assert any(one.startswith("should i see") for one in chosen)
    assert chosen[0].startswith("This is sentence 0")
    assert chosen[-1].startswith("This is sentence 39")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("is it safe", True),
        ("ok and how long for", True),
        ("i want to know about heat", True),
        ("it started on monday?", True),
        ("it started on monday", False),
        ("no fever", False),
    ],
)
def test_what_asks(text: str, asks: bool) -> None:
    assert clauses.split(text)[0].asks is asks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I came out in a rash. What should I do?", []),
        ("I'm on warfarin. Is it safe?", []),
        (
            "Hello there. The oil gave me a rash. Is that normal? Thanks.",
            ["Hello there.", "The oil gave me a rash. Is that normal?", "Thanks."],
        ),
        (
            "My wrist hurts. Should I use heat?",
            ["My wrist hurts.", "Should I use heat?"],
        ),
        (
            "What should I do? It came out in a rash",
            ["What should I do?", "It came out in a rash"],
        ),
    ],
)
def test_a_question_that_tells_nothing_goes_with_what_was_said(
    text: str, expected: list[str]
) -> None:
    found = clauses.of_message(text)
    assert [one.text for one in found] == expected
    assert all(text[one.start : one.end] == one.text for one in found)


@settings(max_examples=80, deadline=None, phases=AS_FOUND)
@given(LONG | st.text(max_size=2000))
def test_every_word_stands_in_a_passage(text: str) -> None:
    found = clauses.passages(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    for word in WORD.finditer(text):
        if any(letter.isalnum() for letter in word[0]):
            start, end = word.span()
            assert any(p.start <= start and end <= p.end for p in found), word[0]


@settings(max_examples=80, deadline=None, phases=AS_FOUND)
@given(LONG)
def test_two_sentences_that_follow_each_other_stand_in_one_passage(text: str) -> None:
    parts = clauses.split(text)
    found = clauses.passages(text)
    for one, other in pairwise(parts):
        both = text[one.start : other.end]
        if len(both.split()) <= clauses.LONGEST_PASSAGE_WORDS:
            assert any(p.start <= one.start and other.end <= p.end for p in found), both


def test_words_without_an_end_are_read_in_passages_that_overlap() -> None:
    text = " ".join(f"word{number}" for number in range(300))
    found = clauses.passages(text)
    assert all(len(p.text.split()) <= clauses.LONGEST_PASSAGE_WORDS for p in found)
    for one, other in pairwise(found):
        shared = text[other.start : one.end].split()
        assert len(shared) == clauses.TWICE
    assert found[0].start == 0 and found[-1].end == len(text)

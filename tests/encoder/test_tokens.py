"""A text becomes the numbers that the graph looks up, never more than have room."""

import pytest

from encoder.store import TOKENIZER
from encoder.tokens import MAX_TOKENS, Tokens
from encoder.weights import find_weights

START, END = 101, 102  # [CLS] and [SEP] in the model's vocabulary


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens(find_weights() / TOKENIZER)


def test_a_text_begins_with_the_start_and_has_no_mark_at_its_end(
    tokens: Tokens,
) -> None:
    numbers = tokens.of("my wrist hurts")
    assert numbers[0] == START
    assert len(numbers) == 4
    assert END not in numbers


def test_nothing_typed_is_still_one_token(tokens: Tokens) -> None:
    assert tokens.of("") == [START]


def test_a_long_text_is_cut_where_the_model_ends(tokens: Tokens) -> None:
    assert len(tokens.of("wrist " * 4000)) == MAX_TOKENS


def test_half_an_emoji_does_not_break_a_text(tokens: Tokens) -> None:
    assert tokens.of("ow \ud83d")[0] == START

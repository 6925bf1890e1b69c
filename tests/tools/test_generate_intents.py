"""The generator makes the same plausible intents again."""

import pytest

from tools import generate_intents


def test_the_same_seed_gives_the_same_intents() -> None:
    assert generate_intents.generate(50) == generate_intents.generate(50)
    assert generate_intents.generate(50) != generate_intents.generate(50, seed=1)


def test_fewer_intents_are_the_first_of_more() -> None:
    few, many = generate_intents.generate(10), generate_intents.generate(300)
    assert list(many)[:10] == list(few)
    assert all(many[name] == examples for name, examples in few.items())


def test_no_example_stands_under_two_intents() -> None:
    intents = generate_intents.generate(generate_intents.MOST)
    every = [text for texts in intents.values() for text in texts]
    assert len(set(every)) == len(every)
    assert {len(texts) for texts in intents.values()} == {generate_intents.EXAMPLES}


def test_more_than_there_are_words_for_is_refused() -> None:
    with pytest.raises(ValueError, match="301"):
        generate_intents.generate(generate_intents.MOST + 1)


def test_rules_share_the_actions_out() -> None:
    rules = generate_intents.rules(["a", "b", "c"], ["utter_x", "utter_y"])["rules"]
    actions = [rule["steps"][1]["action"] for rule in rules]
    assert actions == ["utter_x", "utter_y", "utter_x"]

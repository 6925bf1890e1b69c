"""The sentences of data/flags are enough, varied, and apart from the held-out ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from addons.nlu import flag_sentences
from addons.nlu.flag_sentences import COLUMNS, FlagSentence, SentencesError
from tests.project_files import plain
from tools.evaluate import safety
from wrist import library

SENTENCES = flag_sentences.read_all()
FLAGS = set(library.load().red_flags)


def test_each_flag_has_at_least_forty_of_each() -> None:
    counted = Counter((one.flag, one.fires) for one in SENTENCES if one.flag)
    few = {
        (flag, fires): counted[flag, fires]
        for flag in FLAGS
        for fires in (True, False)
        if counted[flag, fires] < 40
    }
    assert not few


def test_only_flags_that_exist_are_named() -> None:
    named = {one.flag for one in SENTENCES if one.flag}
    assert named == FLAGS
    assert {flag for one in SENTENCES for flag in one.also} <= FLAGS


def test_no_sentence_stands_twice() -> None:
    counted = Counter(one.text.casefold() for one in SENTENCES)
    assert not [text for text, count in counted.items() if count > 1]


def test_held_out_sentences_teach_nothing() -> None:
    taught = {plain(one.text) for one in SENTENCES}
    for name in safety.SETS:
        held = {plain(one.text) for one in safety.sentences(name)}
        assert not {text for text in held & taught if len(text.split()) > 2}


def test_every_kind_of_quiet_is_there_for_each_flag() -> None:
    kinds = {(one.flag, one.kind) for one in SENTENCES if not one.fires and one.flag}
    wanted = flag_sentences.KINDS["quiet"] - {flag_sentences.EVERYDAY}
    assert {(flag, kind) for flag in FLAGS for kind in wanted} <= kinds


def test_about_one_in_ten_is_kept_apart_the_same_on_every_machine() -> None:
    share = sum(one.is_kept_apart for one in SENTENCES) / len(SENTENCES)
    assert 0.08 < share < 0.12


def test_everyday_words_around_a_sentence_change_nothing_of_what_it_raises() -> None:
    first, second = flag_sentences.editions(SENTENCES, 2, seed=7)
    assert [first, second] == flag_sentences.editions(SENTENCES, 2, seed=7)
    assert first != second
    for texts in (first, second):
        pairs = list(zip(SENTENCES, texts, strict=True))
        assert all(one.text in text for one, text in pairs)
        longer = sum(one.text != text for one, text in pairs)
        assert 0.2 < longer / len(pairs) < 0.4
        assert all(one.text == text for one, text in pairs if one.flag is None)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    sentences = [
        FlagSentence("rf_bite", True, "plain", ("rf_sepsis",), 'a "dog" bit me'),
        FlagSentence("rf_bite", False, "past", (), "bitten in 1990, fine"),
    ]
    flag_sentences.write(tmp_path / "rf_bite.tsv", sentences)
    assert flag_sentences.read(tmp_path / "rf_bite.tsv") == sentences


@pytest.mark.parametrize(
    ("row", "fault"),
    [("fire\tplain\t-", ":2: 4 columns"), ("fire\tnegated\t-\tx", ":2: no kind")],
)
def test_a_broken_line_is_named(tmp_path: Path, row: str, fault: str) -> None:
    file = tmp_path / "rf_bite.tsv"
    file.write_text("\t".join(COLUMNS) + f"\n{row}\n")
    with pytest.raises(SentencesError, match=fault):
        flag_sentences.read(file)
    with pytest.raises(SentencesError, match="restore it"):
        flag_sentences.files(tmp_path / "nothing")

"""The second detector's model is taught by the right things and kept whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from addons.nlu import char_ngrams, flag_model
from addons.nlu.flag_model import Calibration, FlagModel
from addons.nlu.flag_sentences import FlagSentence
from addons.nlu.ngrams import NgramModel

FLAGS = ("rf_bite", "rf_sepsis", "rf_stroke")
NOTHING = NgramModel(*(np.zeros(0, np.float32) for _ in range(3)))


def test_what_a_sentence_raises_is_wanted_and_its_own_flag_counts_most() -> None:
    wanted, emphasis = flag_model.targets(
        [
            FlagSentence("rf_bite", True, "plain", ("rf_sepsis",), "a"),
            FlagSentence("rf_bite", False, "past", (), "b"),
            FlagSentence(None, False, "everyday", (), "c"),
        ],
        FLAGS,
    )
    assert wanted.tolist() == [[1, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert emphasis[0].tolist() == pytest.approx([1.0, 0.3, 0.3, 2.0])
    assert emphasis[1].tolist() == pytest.approx([1.0, 0.5, 0.5, 2.0])
    assert emphasis[2].tolist() == pytest.approx([0.5, 0.5, 0.5, 2.0])


def test_calibration_gives_the_odds_that_were_seen() -> None:
    dice = np.random.default_rng(3)
    one, other = dice.normal(size=(2, 6000, 1))
    chance = 1 / (1 + np.exp(-(2 * one + 0.5 * other - 1)))
    wanted = (dice.random((6000, 1)) < chance) * 1.0
    found = flag_model.calibrate(
        one, other, wanted=wanted, emphasis=np.ones_like(wanted)
    )
    assert found == pytest.approx((2, 0.5, -1), abs=0.15)


def test_a_model_is_kept_and_read_as_it_was(tmp_path: Path) -> None:
    ngrams = char_ngrams.fit(
        ["a dog bit me", "i feel fine", "a dog sat", "bit by a cat"],
        wanted=np.array([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 1]]),
        emphasis=np.ones((4, 4)),
    )
    about = FLAGS, Calibration(1.5, 2.0, -0.25), Calibration(1.0, 0.5, 0.5)
    model = FlagModel(b"graph", ngrams, *about)
    flag_model.save(model, tmp_path)
    read = flag_model.load(tmp_path)
    assert (read.branch, *read[2:]) == (b"graph", *about)
    for mine, kept in zip(ngrams, read.ngrams, strict=True):
        assert np.array_equal(mine, kept)


def test_odds_are_of_both_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    said = np.array([[0.0, 0, 0, 0], [1, 0, 0, 1]])
    monkeypatch.setattr(flag_model, "ngram_scores", lambda *_: said)
    about = FLAGS, Calibration(1.5, 2.0, -0.25), Calibration(1.0, 0.5, 0.5)
    scores = np.array([[0.0, 1, 0, 2], [0, -1, 0, 0]])
    odds = FlagModel(b"", NOTHING, *about).odds(["a", "b"], scores)
    assert odds.flags[0] == pytest.approx([0.4378, 0.7773, 0.4378], abs=1e-3)
    assert odds.flags[1] == pytest.approx([0.8520, 0.1480, 0.4378], abs=1e-3)
    assert odds.danger == pytest.approx([0.9241, 0.7311], abs=1e-3)


def test_scores_of_other_texts_are_refused() -> None:
    about = FLAGS, Calibration(1.5, 2.0, -0.25), Calibration(1.0, 0.5, 0.5)
    with pytest.raises(ValueError, match="2 texts"):
        FlagModel(b"", NOTHING, *about).odds(["a", "b"], np.zeros((1, 4)))


def test_what_stands_around_a_clause_of_danger_takes_only_half() -> None:
    texts = ["it is blue", "it is fine", "the sun is out", "we had tea"]
    wanted = np.array([[1], [0], [0], [0]])
    ngrams = char_ngrams.fit(texts, wanted=wanted, emphasis=np.ones_like(wanted))
    both = "it is blue. We had tea."
    alone = char_ngrams.scores(ngrams, ["it is blue.", both])
    found = flag_model.ngram_scores(ngrams, [both, texts[0], "?"])
    assert found[0] == pytest.approx(alone.mean(axis=0))
    assert found[1] == pytest.approx(char_ngrams.scores(ngrams, texts[:1])[0])
    assert found[0] > char_ngrams.scores(ngrams, [both])[0]
    assert found[2] == pytest.approx(char_ngrams.scores(ngrams, ["?"])[0])


def test_the_model_in_use_knows_every_red_flag() -> None:
    from wrist import library

    assert set(flag_model.prepare().flags) == set(library.load().red_flags)

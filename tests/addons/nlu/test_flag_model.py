"""The second detector's model is taught by the right things and kept whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from addons.nlu import flag_model
from addons.nlu.flag_model import Calibration, FlagModel
from addons.nlu.flag_sentences import FlagSentence

FLAGS = ("rf_bite", "rf_sepsis", "rf_stroke")


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
    scores = dice.normal(size=(4000, 1))
    wanted = (dice.random((4000, 1)) < 1 / (1 + np.exp(-(2 * scores - 1)))) * 1.0
    slope, offset = flag_model.calibrate(scores, wanted, np.ones_like(wanted))
    assert slope == pytest.approx(2, abs=0.25)
    assert offset == pytest.approx(-1, abs=0.2)


def test_a_model_is_kept_and_read_as_it_was(tmp_path: Path) -> None:
    model = FlagModel(b"graph", FLAGS, Calibration(1.5, -0.25), Calibration(1.0, 0.5))
    flag_model.save(model, tmp_path)
    assert flag_model.load(tmp_path) == model
    odds = model.odds(np.zeros((2, 4)))
    assert odds.flags == pytest.approx(np.full((2, 3), 0.4378), abs=1e-3)
    assert odds.danger == pytest.approx(np.full(2, 0.6225), abs=1e-3)


def test_the_model_in_use_knows_every_red_flag() -> None:
    from wrist import library

    assert set(flag_model.prepare().flags) == set(library.load().red_flags)

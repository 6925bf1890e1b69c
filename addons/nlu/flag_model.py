"""What the second detector has learnt: a branch of the encoder and its calibration.

data/flags --> states of the lower layers --> branch (encoder.fine_tuning) --> scores
           --> one in ten, kept apart      --> scores --> probability
Learnt once for each state of the sentences and of the encoder, and kept in var/flags.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

import encoder
from addons.nlu import flag_sentences
from addons.nlu.fingerprints import of_files
from addons.nlu.flag_sentences import FlagSentence

CACHE_VARIABLE = "FLAGS_CACHE"
DEFAULT_FOLDER = Path(__file__).parents[2] / "var" / "flags"
BRANCH, ABOUT = "branch.onnx", "about.json"
MADE_BY = ("flag_model.py", "flag_sentences.py")
# How much an error counts: at the flag that a sentence was written for; at the others
# of a quiet one; at the others of a firing one, where one of them may hold too.
OWN, OTHER_OF_QUIET, OTHER_OF_FIRING = 1.0, 0.5, 0.3
Progress = Callable[[int, int], None]


class FlagModel(NamedTuple):
    """A branch, the flags that its scores stand for, and what turns them into odds."""

    branch: bytes
    flags: tuple[str, ...]
    slope: float
    offset: float

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """How likely each flag is meant, for scores of any shape."""
        return 1 / (1 + np.exp(-(self.slope * scores + self.offset)))


def fingerprint() -> str:
    """Changes when the sentences, the encoder or the way of learning change."""
    here = [Path(__file__).with_name(name) for name in MADE_BY]
    there = Path(encoder.__file__).with_name("fine_tuning.py")
    made = of_files([*here, there, *flag_sentences.files()])
    return hashlib.sha256(f"{encoder.fingerprint()} {made}".encode()).hexdigest()[:16]


def folder() -> Path:
    """Where this state is kept: FLAGS_CACHE, else var/flags."""
    return Path(os.environ.get(CACHE_VARIABLE) or DEFAULT_FOLDER) / fingerprint()


def is_ready() -> bool:
    return (folder() / ABOUT).is_file()


def prepare(progress: Progress | None = None) -> FlagModel:
    """The model of this state, learnt now if it is not there yet: minutes."""
    if not is_ready():
        _keep(learn(flag_sentences.read_all(), progress), folder())
    return load(folder())


def load(place: Path) -> FlagModel:
    """What `save` wrote."""
    about = json.loads((place / ABOUT).read_text())
    return FlagModel(
        (place / BRANCH).read_bytes(),
        tuple(about["flags"]),
        about["slope"],
        about["offset"],
    )


def save(model: FlagModel, place: Path) -> None:
    (place / BRANCH).write_bytes(model.branch)
    about: dict[str, Any] = model._asdict()
    del about["branch"]
    (place / ABOUT).write_text(json.dumps(about))  # last: it marks that all is there


def _keep(model: FlagModel, target: Path) -> None:
    """At once, or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        save(model, made)
        try:
            made.rename(target)
        except OSError:
            if not is_ready():  # else another process was faster
                raise


def learn(
    sentences: Sequence[FlagSentence], progress: Progress | None = None
) -> FlagModel:
    """A branch that was taught the sentences, calibrated on those kept apart."""
    from encoder import branch, fine_tuning  # loads TensorFlow

    teach = [one for one in sentences if not one.is_kept_apart]
    teach += flag_sentences.among_others(teach)
    apart = [one for one in sentences if one.is_kept_apart]
    flags = tuple(sorted({one.flag for one in sentences if one.flag}))
    reader = encoder.Encoder.load()
    weights = fine_tuning.fine_tune(
        branch.upper_weights(),
        [reader.states(one.text).astype(np.float16) for one in teach],
        *targets(teach, flags),
        progress=progress,
    )
    made = branch.as_int8(weights)
    scores = branch.scores(made, [reader.states(one.text) for one in apart])
    return FlagModel(made, flags, *calibrate(scores, *targets(apart, flags)))


def targets(
    sentences: Sequence[FlagSentence], flags: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """1 where a flag is raised, and how much an error counts, for sentence and flag."""
    column = {flag: number for number, flag in enumerate(flags)}
    wanted = np.zeros((len(sentences), len(flags)), np.float32)
    emphasis = np.full_like(wanted, OTHER_OF_FIRING)
    for row, one in enumerate(sentences):
        if not one.fires:
            emphasis[row] = OTHER_OF_QUIET
        for flag in one.raised & column.keys():
            wanted[row, column[flag]] = 1
        if one.flag is not None:
            emphasis[row, column[one.flag]] = OWN
    return wanted, emphasis


def calibrate(
    scores: np.ndarray, wanted: np.ndarray, emphasis: np.ndarray
) -> tuple[float, float]:
    """Slope and offset that make probabilities of scores (Platt's method)."""
    fitted = LogisticRegression(C=1e6).fit(
        scores.reshape(-1, 1), wanted.ravel(), sample_weight=emphasis.ravel()
    )
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])

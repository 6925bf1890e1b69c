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
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit
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
# of a quiet one; at the others of a firing one, where one of them may hold too; and at
# whether any holds at all, which every sentence teaches.
OWN, OTHER_OF_QUIET, OTHER_OF_FIRING, ANY = 1.0, 0.5, 0.3, 2.0
EDITIONS = 3  # of the texts: each epoch takes the next
Progress = Callable[[int, int], None]


class Odds(NamedTuple):
    """Probabilities for texts: of each flag (texts x flags), and of any at all."""

    flags: np.ndarray
    danger: np.ndarray


class Calibration(NamedTuple):
    """What makes a probability of a score (Platt's method)."""

    slope: float
    offset: float

    def logit(self, scores: np.ndarray) -> np.ndarray:
        return self.slope * scores + self.offset


class FlagModel(NamedTuple):
    """A branch, the flags that its scores stand for, and what turns them into odds.

    The last score stands for no flag: it tells whether any of them holds.
    """

    branch: bytes
    flags: tuple[str, ...]
    of_flag: Calibration
    of_danger: Calibration

    def odds(self, scores: np.ndarray) -> Odds:
        """For scores with a row for each text and a column for each output."""
        danger = expit(self.of_danger.logit(scores[:, -1]))
        return Odds(expit(self.of_flag.logit(scores[:, :-1])), danger)


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
    return _is_whole(folder())


def _is_whole(place: Path) -> bool:
    return (place / ABOUT).is_file()


def prepare(progress: Progress | None = None) -> FlagModel:
    """The model of this state, learnt now if it is not there yet: minutes."""
    target = folder()  # before it learns: a file that changes meanwhile is not learnt
    if not _is_whole(target):
        _keep(learn(flag_sentences.read_all(), progress), target)
    return load(target)


def load(place: Path) -> FlagModel:
    """What `save` wrote."""
    about = json.loads((place / ABOUT).read_text())
    return FlagModel(
        (place / BRANCH).read_bytes(),
        tuple(about["flags"]),
        Calibration(*about["of_flag"]),
        Calibration(*about["of_danger"]),
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
            if not _is_whole(target):  # else another process was faster
                raise


def learn(
    sentences: Sequence[FlagSentence], progress: Progress | None = None
) -> FlagModel:
    """A branch that was taught the sentences, calibrated on those kept apart."""
    from encoder import branch, fine_tuning  # loads TensorFlow

    teach = [one for one in sentences if not one.is_kept_apart]
    apart = [one for one in sentences if one.is_kept_apart]
    flags = tuple(sorted({one.flag for one in sentences if one.flag}))
    recipe = fine_tuning.Recipe()
    texts = flag_sentences.editions(teach, EDITIONS)
    different = list(dict.fromkeys(chain(*texts)))
    states = dict(zip(different, branch.states(different), strict=True))
    weights = fine_tuning.fine_tune(
        branch.upper_weights(),
        [[states[text] for text in some] for some in texts],
        *targets(teach, flags),
        recipe,
        progress,
    )
    made = branch.as_int8(weights)
    scores = branch.scores(made, branch.states([one.text for one in apart]))
    wanted, emphasis = targets(apart, flags)
    of_flag, of_danger = np.split(np.arange(scores.shape[1]), [-1])
    return FlagModel(
        made,
        flags,
        *(
            calibrate(scores[:, some], wanted[:, some], emphasis[:, some])
            for some in (of_flag, of_danger)
        ),
    )


def targets(
    sentences: Sequence[FlagSentence], flags: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """1 where a flag is raised, and how much an error counts, for sentence and flag.

    The last column stands for any flag.
    """
    column = {flag: number for number, flag in enumerate(flags)}
    wanted = np.zeros((len(sentences), len(flags) + 1), np.float32)
    emphasis = np.full_like(wanted, OTHER_OF_FIRING)
    emphasis[:, -1] = ANY
    for row, one in enumerate(sentences):
        if not one.fires:
            emphasis[row, :-1] = OTHER_OF_QUIET
        wanted[row, -1] = bool(one.raised)
        for flag in one.raised & column.keys():
            wanted[row, column[flag]] = 1
        if one.flag is not None:
            emphasis[row, column[one.flag]] = OWN
    return wanted, emphasis


def calibrate(
    scores: np.ndarray, wanted: np.ndarray, emphasis: np.ndarray
) -> Calibration:
    """What was seen on these, each as much as it counts."""
    fitted = LogisticRegression(C=1e6).fit(
        scores.reshape(-1, 1), wanted.ravel(), sample_weight=emphasis.ravel()
    )
    return Calibration(float(fitted.coef_[0, 0]), float(fitted.intercept_[0]))

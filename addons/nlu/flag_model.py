"""What the second detector has learnt: a branch, character n-grams, their calibration.

data/flags --> states of the lower layers --> branch (encoder.fine_tuning) -+--> scores
           --> char_ngrams -------------------------------------------------+
           --> one in ten, kept apart     --> both scores --> one probability
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
from addons.nlu import char_ngrams, clauses, flag_sentences
from addons.nlu.fingerprints import of_files
from addons.nlu.flag_sentences import FlagSentence
from addons.nlu.ngrams import NgramModel

CACHE_VARIABLE = "FLAGS_CACHE"
DEFAULT_FOLDER = Path(__file__).parents[2] / "var" / "flags"
BRANCH, NGRAMS, ABOUT = "branch.onnx", "ngrams.npz", "about.json"
MADE_BY = ("flag_model.py", "flag_sentences.py", "char_ngrams.py", "clauses.py")
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
    """What makes one probability of the scores of both (Platt's method)."""

    of_branch: float
    of_ngrams: float
    offset: float

    def probability(self, by_branch: np.ndarray, by_ngrams: np.ndarray) -> np.ndarray:
        weighed = self.of_branch * by_branch + self.of_ngrams * by_ngrams
        return expit(weighed + self.offset)


class FlagModel(NamedTuple):
    """Two readers, the flags that their scores stand for, and what makes odds of them.

    The last score stands for no flag: it tells whether any of them holds.
    """

    branch: bytes
    ngrams: NgramModel
    flags: tuple[str, ...]
    of_flag: Calibration
    of_danger: Calibration

    def odds(self, texts: Sequence[str], scores: np.ndarray) -> Odds:
        """For texts, and what the branch gives of each: a row a text."""
        if len(texts) != len(scores):
            raise ValueError(f"{len(texts)} texts, but the branch scored {len(scores)}")
        by_ngrams = ngram_scores(self.ngrams, texts)
        return Odds(
            self.of_flag.probability(scores[:, :-1], by_ngrams[:, :-1]),
            self.of_danger.probability(scores[:, -1], by_ngrams[:, -1]),
        )


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
    with np.load(place / NGRAMS) as stored:
        ngrams = NgramModel(**{name: stored[name] for name in stored})
    return FlagModel(
        (place / BRANCH).read_bytes(),
        ngrams,
        tuple(about["flags"]),
        Calibration(*about["of_flag"]),
        Calibration(*about["of_danger"]),
    )


def save(model: FlagModel, place: Path) -> None:
    (place / BRANCH).write_bytes(model.branch)
    np.savez(place / NGRAMS, **model.ngrams._asdict())
    about: dict[str, Any] = model._asdict()
    del about["branch"], about["ngrams"]
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
    """Both readers, taught the sentences and calibrated on those kept apart."""
    teach = [one for one in sentences if not one.is_kept_apart]
    apart = [one for one in sentences if one.is_kept_apart]
    flags = tuple(sorted({one.flag for one in sentences if one.flag}))
    branch = learn_branch(teach, flags, progress)
    wanted, emphasis = targets(teach, flags)
    texts = [one.text for one in teach]
    ngrams = char_ngrams.fit(texts, wanted=wanted, emphasis=emphasis)
    return FlagModel(branch, ngrams, flags, *calibrated(branch, ngrams, apart, flags))


def learn_branch(
    teach: Sequence[FlagSentence], flags: Sequence[str], progress: Progress | None
) -> bytes:
    """Each sentence by itself, and among others."""
    from encoder import branch, fine_tuning  # loads TensorFlow

    texts = flag_sentences.editions(teach, EDITIONS)
    different = list(dict.fromkeys(chain(*texts)))
    states = dict(zip(different, branch.states(different), strict=True))
    weights = fine_tuning.fine_tune(
        branch.upper_weights(),
        [[states[text] for text in some] for some in texts],
        *targets(teach, flags),
        progress=progress,
    )
    return branch.as_int8(weights)


def calibrated(
    learnt: bytes,
    ngrams: NgramModel,
    apart: Sequence[FlagSentence],
    flags: Sequence[str],
) -> tuple[Calibration, Calibration]:
    """Of the flags, and of any danger, on sentences that taught nothing."""
    from encoder import branch

    texts = [one.text for one in apart]
    by_branch = branch.scores(learnt, branch.states(texts))
    by_ngrams = ngram_scores(ngrams, texts)
    wanted, emphasis = targets(apart, flags)
    of_flags, of_danger = (
        calibrate(
            by_branch[:, some],
            by_ngrams[:, some],
            wanted=wanted[:, some],
            emphasis=emphasis[:, some],
        )
        for some in (slice(-1), slice(-1, None))
    )
    return of_flags, of_danger


def ngram_scores(ngrams: NgramModel, texts: Sequence[str]) -> np.ndarray:
    """For each text and label the mean of the whole and of its highest clause.

    In the whole, one sentence of danger is outweighed by the many around it. A clause
    that is alone is the whole.
    """
    whole = char_ngrams.scores(ngrams, texts)
    highest = whole.copy()
    for row, text in enumerate(texts):
        parts = [one.text for one in clauses.split(text)]
        if len(parts) > 1:
            highest[row] = char_ngrams.scores(ngrams, parts).max(axis=0)
    return (whole + highest) / 2


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
    by_branch: np.ndarray,
    by_ngrams: np.ndarray,
    *,
    wanted: np.ndarray,
    emphasis: np.ndarray,
) -> Calibration:
    """What was seen on these, each as much as it counts."""
    fitted = LogisticRegression(C=1e6).fit(
        np.column_stack([by_branch.ravel(), by_ngrams.ravel()]),
        wanted.ravel(),
        sample_weight=emphasis.ravel(),
    )
    return Calibration(*map(float, fitted.coef_[0]), float(fitted.intercept_[0]))

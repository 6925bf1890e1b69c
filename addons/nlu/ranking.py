"""The mathematics of choosing an intent: fit, rank, understood or not (pure)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

CLAUSE_SHARE = 0.7


class LinearModel(NamedTuple):
    """A trained classifier and the examples it was trained on, sorted by label."""

    labels: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    examples: np.ndarray
    starts: np.ndarray  # the first row of each label in `examples`


class Ranked(NamedTuple):
    """Confidence in each label, and how like its nearest example the message is."""

    confidences: np.ndarray
    similarity: float


class Thresholds(NamedTuple):
    """Below any of these a message counts as not understood."""

    confidence: float
    margin: float
    similarity: float


def fit(
    vectors: np.ndarray,
    labels: Sequence[str],
    *,
    strength: float,
    balance: float,
    seed: int = 0,
) -> LinearModel:
    """Multinomial logistic regression; `balance` 1 gives all labels one weight."""
    names, numbers, counts = np.unique(
        np.asarray(labels), return_inverse=True, return_counts=True
    )
    weights = (counts.mean() / counts) ** balance
    classifier = LogisticRegression(
        C=strength, max_iter=1000, tol=1e-3, random_state=seed
    ).fit(vectors.astype(np.float64), numbers, sample_weight=weights[numbers])
    coefficients, bias = classifier.coef_, classifier.intercept_
    if len(names) == 2:  # scikit-learn keeps one row for two labels
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        bias = np.array([-bias[0], bias[0]]) / 2
    return LinearModel(
        labels=names,
        weights=coefficients.astype(np.float32),
        bias=bias.astype(np.float32),
        examples=vectors[np.argsort(numbers, kind="stable")].astype(np.float32),
        starts=np.concatenate([[0], counts.cumsum()[:-1]]),
    )


def probabilities(model: LinearModel, vectors: np.ndarray) -> np.ndarray:
    """One row of probabilities for each vector: one matrix product and a softmax."""
    scores = vectors @ model.weights.T + model.bias
    scores -= scores.max(axis=1, keepdims=True)
    exponents = np.exp(scores)
    return exponents / exponents.sum(axis=1, keepdims=True)


def nearest(model: LinearModel, vectors: np.ndarray) -> np.ndarray:
    """Cosine of each vector with the nearest training example of each label."""
    cosines = vectors @ model.examples.T
    return np.maximum.reduceat(cosines, model.starts, axis=1)


def combine(whole: np.ndarray, parts: np.ndarray, asks: Sequence[bool]) -> np.ndarray:
    """One row for a long message: its most telling clause, and the whole of it.

    Where a clause asks something, only those that ask count as telling.
    """
    if not len(parts):
        return whole
    telling = parts[np.asarray(asks, dtype=bool)] if any(asks) else parts
    best = telling[telling.max(axis=1).argmax()]
    return CLAUSE_SHARE * best + (1 - CLAUSE_SHARE) * whole


def rank_message(
    model: LinearModel, vectors: np.ndarray, asks: Sequence[bool]
) -> Ranked:
    """Reads a message: the first row is its whole, the others are its clauses."""
    rows = probabilities(model, vectors)
    confidences = combine(rows[0], rows[1:], asks)
    best = confidences.argmax()
    return Ranked(confidences, float(nearest(model, vectors)[:, best].max()))


def is_understood(ranked: Ranked, thresholds: Thresholds) -> bool:
    """Whether the first of a ranking is sure, ahead, and like something trained."""
    second, first = np.sort(ranked.confidences)[-2:]
    return bool(
        first >= thresholds.confidence
        and first - second >= thresholds.margin
        and ranked.similarity >= thresholds.similarity
    )

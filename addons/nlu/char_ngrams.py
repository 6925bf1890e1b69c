"""Character n-grams of a whole text, each label against all others (pure).

    "no feeling in it" -> " no", "no ", "o f", ... "ng in it " -> hashed -> one score
                          for each label

What many thousand sentences teach stands in their letters too, and there other errors
are made than by layers that know what is meant alike: together they err less. As in
ngrams.py, but hashed as one array: there are a thousand for each message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from addons.nlu.ngrams import NgramModel

SHORTEST, LONGEST = 3, 6  # characters; they reach over the end of a word
BITS = 17  # of a bucket's number; with one more nothing is gained
MOST_CHARACTERS = 1200  # of one text
TOKEN = re.compile(r"[\w']+|[?!.,]")
# The prime of FNV-1a and the golden ratio, both as 64 bits: what is multiplied by the
# second is spread over its upper bits.
PRIME, GOLDEN = np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)
APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u02bc\u2018\u00b4`", "'"))
STRENGTH, TOLERANCE, SEED = 1.0, 0.01, 0


def fit(
    texts: Sequence[str], *, wanted: np.ndarray, emphasis: np.ndarray
) -> NgramModel:
    """One linear separator for each label.

    `wanted` and `emphasis` have a row for each text and a column for each label: 0 or
    1, and how much an error there counts.
    """
    counted = _counted(texts)
    seen = np.bincount(counted.indices, minlength=2**BITS)
    rarity = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
    rows = _weighed(counted, rarity)
    # One after the other: all threads of a process share the numbers that it draws.
    found = [
        LinearSVC(C=STRENGTH, tol=TOLERANCE, random_state=SEED).fit(
            rows, wanted[:, label], sample_weight=emphasis[:, label]
        )
        for label in range(wanted.shape[1])
    ]
    return NgramModel(
        np.array([separator.coef_[0] for separator in found], np.float32).T.copy(),
        np.array([separator.intercept_[0] for separator in found], np.float32),
        rarity,
    )


def scores(model: NgramModel, texts: Sequence[str]) -> np.ndarray:
    """How far each text lies on the side of each label: a row a text, a column each."""
    rows = [_score(model, text) for text in texts]
    return np.array(rows).reshape(len(texts), len(model.bias)) + model.bias


def _score(model: NgramModel, text: str) -> np.ndarray:
    """As `_weighed` has it, without what a matrix takes for a single text."""
    found, counts = np.unique(buckets_of(text), return_counts=True)
    weighed = _weigh(counts, found, model.rarity)
    length = float(np.linalg.norm(weighed)) or 1.0
    return (weighed / length).astype(np.float32) @ model.weights[found]


def buckets_of(text: str) -> np.ndarray:
    """The bucket of each n-gram of a text, in no order that matters."""
    plain = text.lower().translate(APOSTROPHES)
    spaced = f" {' '.join(TOKEN.findall(plain))} "[:MOST_CHARACTERS]
    codes = np.frombuffer(spaced.encode("utf-32-le"), np.uint32).astype(np.uint64)
    hashed, found = codes, []
    for length in range(2, LONGEST + 1):
        hashed = hashed[:-1] * PRIME + codes[length - 1 :]
        if length >= SHORTEST:
            found.append(hashed)
    spread = np.concatenate(found) * GOLDEN
    return (spread >> np.uint64(64 - BITS)).astype(np.intp)


def _counted(texts: Sequence[str]) -> csr_matrix:
    found = [np.unique(buckets_of(text), return_counts=True) for text in texts]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in found)])
    columns = np.concatenate([buckets for buckets, _ in found])
    counts = np.concatenate([some for _, some in found]).astype(np.float64)
    return csr_matrix((counts, columns, ends), shape=(len(texts), 2**BITS))


def _weighed(counted: csr_matrix, rarity: np.ndarray) -> csr_matrix:
    rows = counted.copy()
    rows.data = _weigh(rows.data, rows.indices, rarity)
    return normalize(rows, copy=False)


def _weigh(counts: np.ndarray, buckets: np.ndarray, rarity: np.ndarray) -> np.ndarray:
    return (1 + np.log(counts)) * rarity[buckets]

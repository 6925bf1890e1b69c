"""Keeps sentence vectors between trainings, so that only new examples are encoded."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

CACHE_VARIABLE = "VECTOR_CACHE"
DEFAULT_FOLDER = Path(__file__).parents[2] / "var" / "vectors"
MOST_KEPT = 50_000
BATCH = 256

Encode = Callable[[Sequence[str]], np.ndarray]


def cache_file(fingerprint: str) -> Path:
    """Where the vectors of one state of the encoder are kept."""
    folder = Path(os.environ.get(CACHE_VARIABLE) or DEFAULT_FOLDER)
    return folder / f"{fingerprint}.npz"


def encode_cached(texts: Sequence[str], encode: Encode, path: Path) -> np.ndarray:
    """Vectors of `texts`; those not in the file are encoded and added to it."""
    keys = [_key(text) for text in texts]
    known = _read(path)
    missing = {
        key: text for key, text in zip(keys, texts, strict=True) if key not in known
    }
    if missing:
        made = _encode_all(list(missing.values()), encode)
        fresh = dict(zip(missing, made, strict=True))
        _write(path, _newest(known, fresh))
        known.update(fresh)
    return np.array([known[key] for key in keys], dtype=np.float32)


def _encode_all(texts: list[str], encode: Encode) -> np.ndarray:
    batches = range(0, len(texts), BATCH)
    return np.concatenate([encode(texts[i : i + BATCH]) for i in batches])


def _newest(
    known: dict[str, np.ndarray], fresh: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    merged = {**known, **fresh}
    return dict(list(merged.items())[-MOST_KEPT:])


def _key(text: str) -> str:
    return hashlib.sha1(text.encode("utf-8", "replace")).hexdigest()


def _read(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError):
        return {}  # absent, or half written by a process that was killed


def _write(path: Path, vectors: dict[str, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, keys=list(vectors), vectors=np.array(list(vectors.values())))
        os.replace(scratch, path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise

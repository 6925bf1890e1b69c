"""Only new texts are encoded; a broken cache costs time, never a training."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from addons.nlu.vector_cache import encode_cached


class Counter:
    def __init__(self) -> None:
        self.encoded: list[str] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        return np.array([[len(text), ord(text[0])] for text in texts], np.float32)


def test_an_added_example_is_the_only_one_encoded(tmp_path: Path) -> None:
    encode, path = Counter(), tmp_path / "deep" / "v.npz"
    first = encode_cached(["one", "three"], encode, path)
    again = encode_cached(["three", "new", "one", "three"], encode, path)
    assert encode.encoded == ["one", "three", "new"]
    assert np.array_equal(again[[2, 0]], first)
    assert np.array_equal(again[0], again[3])


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    path.write_bytes(b"half a file")
    vectors = encode_cached(["one"], Counter(), path)
    assert vectors.shape == (1, 2)
    counter = Counter()
    encode_cached(["one"], counter, path)
    assert counter.encoded == []


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    encode_cached(["one"], Counter(), tmp_path / "v.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["v.npz"]

"""A branch of the encoder: from trained weights to a graph of a few megabytes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
from onnx.utils import Extractor

from encoder import graph, store
from encoder.convert import write_int8
from encoder.encoder import WORKERS, open_graph
from encoder.tokens import Tokens


def upper_weights() -> dict[str, np.ndarray]:
    """What a branch starts from: the layers that it has of its own, in float."""
    with np.load(store.prepare() / store.UPPER) as stored:
        return dict(stored)


def states(texts: Sequence[str]) -> list[np.ndarray]:
    """What a branch reads of each text: fp16, a row for each token.

    From the lower layers alone: a graph runs to its end, whatever is asked of it.
    """
    folder = store.prepare()
    whole = onnx.load(str(folder / store.GRAPH))
    lower = Extractor(whole).extract_model(["input_ids"], [graph.STATES])
    session = open_graph(lower.SerializeToString())
    tokens = Tokens(folder / store.TOKENIZER)

    def read(text: str) -> np.ndarray:
        ids = np.array([tokens.of(text)], dtype=np.int64)
        return session.run(None, {"input_ids": ids})[0][0].astype(np.float16)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(read, texts))


def as_int8(weights: dict[str, np.ndarray]) -> bytes:
    """The graph of a branch as `Encoder.attach` takes it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "branch.onnx"
        write_int8(graph.build_branch(weights), file)
        return file.read_bytes()


def scores(branch: bytes, states: Iterable[np.ndarray]) -> np.ndarray:
    """One row for each text, one column for each label."""
    session = open_graph(branch)
    given = ({"states": one[None].astype(np.float32)} for one in states)
    return np.array([session.run(None, one)[0][0] for one in given])

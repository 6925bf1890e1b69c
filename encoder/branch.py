"""A branch of the encoder: from trained weights to a graph of a few megabytes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from encoder import graph, store
from encoder.convert import write_int8
from encoder.encoder import open_graph


def upper_weights() -> dict[str, np.ndarray]:
    """What a branch starts from: the layers that it has of its own, in float."""
    with np.load(store.prepare() / store.UPPER) as stored:
        return dict(stored)


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

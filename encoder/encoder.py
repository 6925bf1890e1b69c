"""Turns sentences into vectors; what every classifier of this project sees."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Event
from typing import NamedTuple

import numpy as np
import onnxruntime

from encoder import store
from encoder.tokens import Tokens

DIMENSIONS = 384
# As in graph.py, which needs onnx.
STATES, WORDS = "encoder.layer.2.output.normed", "encoder.layer.5.output.normed"
WORKERS = min(4, os.cpu_count() or 1)
ENOUGH_TO_SHARE = 4
Inputs = dict[str, np.ndarray]


Place = tuple[int, int]  # from where to where in a text


class Row(NamedTuple):
    """What is computed of one text; `scores` is None where no branch is attached."""

    vector: np.ndarray
    words: np.ndarray  # one row of DIMENSIONS for each token
    places: list[Place]  # of each token
    scores: np.ndarray | None

    def vector_of(self, start: int, end: int) -> np.ndarray | None:
        """That of a part, as it is meant in the whole; None where no word of it is."""
        inside = [s < end and e > start for s, e in self.places]
        if not any(inside):
            return None
        mean = self.words[np.array(inside)].mean(axis=0)
        return mean / np.linalg.norm(mean)


class Encoding:
    """Texts that are being read on another core."""

    def __init__(self, rows: Sequence[Future[Row]]) -> None:
        self._rows = rows

    def rows(self) -> list[Row]:
        """Waits for them."""
        return [row.result() for row in self._rows]

    def result(self) -> np.ndarray:
        """Waits for them: one vector of length 1 for each text, float32."""
        return _stack([row.vector for row in self.rows()])


class Encoder:
    """all-MiniLM-L6-v2. Texts run one by one: see `encode`."""

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        self._session = open_graph(str(graph))
        self._branch: onnxruntime.InferenceSession | None = None
        self._tokens = Tokens(tokenizer)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="encoder")

    @classmethod
    def load(cls) -> Encoder:
        """The encoder of this process; converts the weights if that was never done."""
        return _load(store.prepare())

    def attach(self, branch: bytes) -> None:
        """From now on this branch scores what is begun."""
        self._branch = open_graph(branch)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row of length 1 for each text, float32.

        Never in batches: dynamic int8 takes its scale from the whole batch, so a text's
        vector would depend on its neighbours, and training would see other vectors than
        serving. Without padding this is as fast; many texts share the cores.
        """
        if len(texts) < ENOUGH_TO_SHARE or WORKERS == 1:
            return _stack([self._encode(text) for text in texts])
        return _stack(list(self._pool.map(self._encode, texts)))

    def begin(self, texts: Sequence[str]) -> Encoding:
        """The same vectors and more, computed while the caller does something else.

        It returns once the first text is being computed: without that, a busy caller
        would keep the interpreter from the thread that wants to begin.
        """
        begun = Event()
        given = [self._tokens.with_places(text) for text in texts]
        branch = self._branch
        rows = [self._pool.submit(self._run, *one, begun, branch) for one in given]
        if rows:
            begun.wait()
        return Encoding(rows)

    def _encode(self, text: str) -> np.ndarray:
        return self._session.run(["embedding"], self._inputs(text))[0][0]

    def _inputs(self, text: str) -> Inputs:
        return {"input_ids": np.array([self._tokens.of(text)], dtype=np.int64)}

    def _run(
        self,
        ids: list[int],
        places: list[Place],
        begun: Event,
        branch: onnxruntime.InferenceSession | None,
    ) -> Row:
        begun.set()
        inputs = {"input_ids": np.array([ids], dtype=np.int64)}
        vectors, states, words = self._session.run(["embedding", STATES, WORDS], inputs)
        scores = branch.run(None, {"states": states})[0][0] if branch else None
        return Row(vectors[0], words[0], places, scores)


def open_graph(graph: str | bytes) -> onnxruntime.InferenceSession:
    """A graph, from its file or its bytes, that runs on one core."""
    options = onnxruntime.SessionOptions()
    # A second thread for one sentence gains 0.5 ms in the median and loses 3 ms
    # in the p95 as soon as anything else runs.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Numbers next to nothing take the processor many times as long.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(
        graph, options, providers=["CPUExecutionProvider"]
    )


def _stack(rows: list[np.ndarray]) -> np.ndarray:
    return np.array(rows, dtype=np.float32).reshape(len(rows), DIMENSIONS)


@cache
def _load(folder: Path) -> Encoder:
    return Encoder(folder / store.GRAPH, folder / store.TOKENIZER)

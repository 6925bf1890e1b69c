"""Turns sentences into vectors; what every classifier of this project sees."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Event

import numpy as np
import onnxruntime

from encoder import store
from encoder.tokens import Tokens

DIMENSIONS = 384
WORKERS = min(4, os.cpu_count() or 1)
ENOUGH_TO_SHARE = 4
Inputs = dict[str, np.ndarray]


class Encoding:
    """Vectors that are being computed on another core."""

    def __init__(self, rows: Sequence[Future[np.ndarray]]) -> None:
        self._rows = rows

    def __add__(self, other: Encoding) -> Encoding:
        return Encoding([*self._rows, *other._rows])

    def result(self) -> np.ndarray:
        """Waits for them: one row of length 1 for each text, float32."""
        return _stack([row.result() for row in self._rows])


class Encoder:
    """all-MiniLM-L6-v2. Texts run one by one: see `encode`."""

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        # A second thread for one sentence gains 0.5 ms in the median and loses 3 ms
        # in the p95 as soon as anything else runs.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # Numbers next to nothing take the processor many times as long.
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
        self._tokens = Tokens(tokenizer)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="encoder")

    @classmethod
    def load(cls) -> Encoder:
        """The encoder of this process; converts the weights if that was never done."""
        return _load(store.prepare())

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
        """The same vectors, computed while the caller does something else.

        It returns once the first text is being computed: without that, a busy caller
        would keep the interpreter from the thread that wants to begin.
        """
        begun = Event()
        inputs = [self._inputs(text) for text in texts]
        rows = [self._pool.submit(self._run, one, begun) for one in inputs]
        if rows:
            begun.wait()
        return Encoding(rows)

    def _encode(self, text: str) -> np.ndarray:
        return self._run(self._inputs(text))

    def _inputs(self, text: str) -> Inputs:
        return {"input_ids": np.array([self._tokens.of(text)], dtype=np.int64)}

    def _run(self, inputs: Inputs, begun: Event | None = None) -> np.ndarray:
        if begun is not None:
            begun.set()
        return self._session.run(None, inputs)[0][0]


def _stack(rows: list[np.ndarray]) -> np.ndarray:
    return np.array(rows, dtype=np.float32).reshape(len(rows), DIMENSIONS)


@cache
def _load(folder: Path) -> Encoder:
    return Encoder(folder / store.GRAPH, folder / store.TOKENIZER)

"""Turns sentences into vectors; what every classifier of this project sees."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from encoder import store

DIMENSIONS = 384
MAX_TOKENS = 128  # what the model was trained on; longer texts are split by the caller
WORKERS = min(4, os.cpu_count() or 1)
ENOUGH_TO_SHARE = 4


class Encoder:
    """all-MiniLM-L6-v2. Texts run one by one: see `encode`."""

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        # A second thread for one sentence gains 0.5 ms in the median and loses 3 ms
        # in the p95 as soon as anything else runs.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

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
            rows = [self._encode(text) for text in texts]
        else:
            with ThreadPoolExecutor(WORKERS) as pool:
                rows = list(pool.map(self._encode, texts))
        return np.array(rows, dtype=np.float32).reshape(len(texts), DIMENSIONS)

    def _encode(self, text: str) -> np.ndarray:
        # Half an emoji (a lone surrogate) is valid JSON, but not valid UTF-8.
        tokens = self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"))
        ids = np.array([tokens.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        return self._session.run(None, inputs)[0][0]


@cache
def _load(folder: Path) -> Encoder:
    return Encoder(folder / store.GRAPH, folder / store.TOKENIZER)

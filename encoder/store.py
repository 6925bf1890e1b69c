"""Keeps the converted encoder, so that it is made once for each state of its making."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from encoder.weights import SHA256, find_weights

HERE = Path(__file__).parent
GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"
UPPER = "upper.npz"  # what a branch starts from
MADE_BY = (
    *("graph.py", "pruning.py", "calibration.txt", "convert.py"),
    *("tokens.py", "encoder.py"),
)


@cache
def fingerprint() -> str:
    """Changes when the weights, the conversion or the way of encoding change."""
    digest = hashlib.sha256("".join(SHA256.values()).encode())
    for file in MADE_BY:
        digest.update((HERE / file).read_bytes())
    return digest.hexdigest()[:16]


def folder() -> Path:
    """Where this state of the encoder is kept: ENCODER_CACHE, else var/encoder."""
    cache_folder = os.environ.get("ENCODER_CACHE") or HERE.parent / "var" / "encoder"
    return Path(cache_folder).expanduser() / fingerprint()


def is_ready() -> bool:
    return (folder() / GRAPH).is_file()


def prepare() -> Path:
    """The folder of the converted encoder, made now if it is not there yet."""
    target = folder()
    if is_ready():
        return target
    weights = find_weights()
    from encoder.convert import write  # onnx is needed for this alone

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        write(
            weights / "model.safetensors",
            weights / TOKENIZER,
            made / GRAPH,
            made / UPPER,
        )
        shutil.copyfile(weights / TOKENIZER, made / TOKENIZER)
        try:
            made.rename(target)  # at once, or not at all
        except OSError:
            if not is_ready():  # else another process was faster
                raise
    return target

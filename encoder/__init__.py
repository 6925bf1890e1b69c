"""Sentence embedding: all-MiniLM-L6-v2 as one small int8 graph, free of Rasa.

vectors = encoder.Encoder.load().encode(["my wrist hurts"])
"""

from typing import TYPE_CHECKING, Any

from encoder.store import fingerprint, prepare
from encoder.weights import EncoderError

if TYPE_CHECKING:
    from encoder.encoder import DIMENSIONS, Encoder, Encoding, Row

__all__ = [
    "DIMENSIONS",
    "Encoder",
    "EncoderError",
    "Encoding",
    "Row",
    "fingerprint",
    "prepare",
]


def __getattr__(name: str) -> Any:
    """Loads ONNX Runtime only where something is encoded: 30 MB in each process."""
    if name not in __all__:
        raise AttributeError(f"module 'encoder' has no attribute {name!r}")
    from encoder import encoder

    return getattr(encoder, name)

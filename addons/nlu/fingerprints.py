"""Digests of files and modules, so that Rasa trains again when one has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType


def of_files(paths: Iterable[Path]) -> str:
    """One digest of names and contents; a missing file counts as such."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0")
        digest.update(path.read_bytes() if path.is_file() else b"absent")
    return digest.hexdigest()[:16]


def of_modules(*modules: ModuleType) -> str:
    """One digest of the modules' source files."""
    return of_files(Path(module.__file__) for module in modules if module.__file__)

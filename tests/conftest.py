"""What several tests share: the running servers of the project."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools import serving
from tools.serving import Server
from wrist import library
from wrist.library import Library


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The Rasa server and the action server with the newest model, started once."""
    with serving.start() as running:
        yield running


@pytest.fixture(scope="session")
def content() -> Library:
    """The content of the default region."""
    return library.load()

"""How the Rasa server is called."""

from pathlib import Path

import pytest
from rasa.__main__ import create_argument_parser

from tools import serving
from tools.rasa_command import serve_arguments

TOKEN = "-a-token-that-begins-with-a-dash"


def test_make_run_takes_a_token_that_begins_with_a_dash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RASA_TOKEN", TOKEN)
    parsed = create_argument_parser().parse_args(serve_arguments())
    assert parsed.auth_token == TOKEN
    assert parsed.enable_api


def test_servers_of_tools_take_a_token_that_begins_with_a_dash(tmp_path: Path) -> None:
    server = serving.Server("http://127.0.0.1:1", TOKEN, tmp_path)
    arguments = ["run", *serving._arguments(server, tmp_path / "model.tar.gz")]
    assert create_argument_parser().parse_args(arguments).auth_token == TOKEN

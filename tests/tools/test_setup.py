"""Set-up writes secrets once, for the owner's eyes, and never over what is there."""

import stat
from pathlib import Path

import pytest

from tools import setup
from tools.environment import ROOT, Problem

EXAMPLE = ROOT / ".env.example"


def secrets_in(file: Path) -> list[str]:
    lines = dict(
        line.split("=", 1) for line in file.read_text().splitlines() if "=" in line
    )
    return [lines[name] for name in setup.SECRETS]


def test_every_secret_is_filled_in_and_new_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        setup.write_secrets(tmp_path / name, EXAMPLE)
    found = [*secrets_in(tmp_path / "one"), *secrets_in(tmp_path / "two")]
    assert all(len(secret) >= 32 for secret in found)
    assert len(set(found)) == 2 * len(setup.SECRETS)


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    setup.write_secrets(tmp_path / ".env", EXAMPLE)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_an_env_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RASA_TOKEN=mine\n")
    setup.write_secrets(tmp_path / ".env", EXAMPLE)
    assert (tmp_path / ".env").read_text() == "RASA_TOKEN=mine\n"


def test_an_encoder_without_a_source_is_a_problem_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ENCODER_CACHE", str(tmp_path))
    monkeypatch.setenv("ENCODER_WEIGHTS", str(tmp_path / "nowhere"))
    with pytest.raises(Problem, match="is missing: put it there"):
        setup.prepare_encoder()

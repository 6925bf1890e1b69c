"""Only the known weights are let through, and each failure says what to do."""

from pathlib import Path

import pytest

from encoder import EncoderError, store, weights


@pytest.fixture
def no_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No source of weights and an empty cache, which is returned."""
    monkeypatch.delenv("ENCODER_WEIGHTS", raising=False)
    monkeypatch.setenv("ENCODER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(weights, "_installed_package", lambda: None)
    monkeypatch.setattr(weights, "_model_hub", lambda: None)
    return tmp_path / "cache"


def one_line(error: pytest.ExceptionInfo[EncoderError]) -> str:
    assert "\n" not in str(error.value)
    return str(error.value)


def test_no_source_ends_with_one_line_that_says_what_to_do(no_source: Path) -> None:
    with pytest.raises(EncoderError) as error:
        store.prepare()
    assert "ENCODER_WEIGHTS" in one_line(error)


def test_a_wrong_file_is_refused_and_nothing_is_kept(
    no_source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in weights.SHA256:
        (tmp_path / name).write_bytes(b"not what it says")
    monkeypatch.setenv("ENCODER_WEIGHTS", str(tmp_path))
    with pytest.raises(EncoderError) as error:
        store.prepare()
    assert "wrong SHA-256" in one_line(error)
    assert not no_source.exists()


def test_a_missing_file_is_named(
    no_source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ENCODER_WEIGHTS", str(tmp_path))
    with pytest.raises(EncoderError) as error:
        weights.find_weights()
    assert "model.safetensors is missing" in one_line(error)


def test_one_changed_byte_in_the_tokenizer_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = weights.find_weights()
    (tmp_path / "model.safetensors").symlink_to(source / "model.safetensors")
    changed = bytearray((source / "tokenizer.json").read_bytes())
    changed[1000] ^= 1
    (tmp_path / "tokenizer.json").write_bytes(changed)
    with pytest.raises(EncoderError, match=r"tokenizer\.json has the wrong SHA-256"):
        weights.check(tmp_path)


def test_the_installed_package_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENCODER_WEIGHTS", raising=False)
    monkeypatch.setattr(weights, "_model_hub", lambda: None)
    assert (weights.find_weights() / "tokenizer.json").is_file()


def test_what_is_in_the_cache_needs_no_source(no_source: Path) -> None:
    (store.folder()).mkdir(parents=True)
    (store.folder() / store.GRAPH).touch()
    assert store.prepare() == store.folder()


def test_a_failed_conversion_leaves_nothing_half_made(
    no_source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(weights: Path, tokenizer: Path, target: Path, upper: Path) -> None:
        target.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(store, "find_weights", lambda: tmp_path)
    monkeypatch.setattr("encoder.convert.write", fail)
    with pytest.raises(OSError, match="disk full"):
        store.prepare()
    assert list(no_source.iterdir()) == []

"""Content loads whole or says what is wrong and where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from wrist import library, rules
from wrist.case import Case
from wrist.library import CONTENT, ContentError
from wrist.models import Assertion


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def change(path: Path, edit: Callable[[dict], object]) -> None:
    data = yaml.safe_load(path.read_text("utf-8"))
    edit(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


@pytest.mark.parametrize("region", ["uk", "us", "eu"])
def test_every_region_loads(region: str) -> None:
    assert library.load(region=region).region.id == region


def test_the_region_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.REGION_VARIABLE, "us")
    assert library.load().region.words["emergency_number"] == "911"


def test_an_unknown_region_is_named_with_those_that_exist() -> None:
    with pytest.raises(ContentError, match=r"mars.*eu, uk, us"):
        library.load(region="mars")


def test_the_default_is_read_once() -> None:
    assert library.default() is library.default()


def test_an_unknown_key_is_refused(folder: Path) -> None:
    path = folder / "triage.yml"
    change(path, lambda data: data["red_flags"][0].update(urgancy="high"))
    with pytest.raises(ContentError, match=r"triage\.yml.*rf_heavy_bleeding.*urgancy"):
        library.load(folder)


def test_a_wrong_level_is_refused(folder: Path) -> None:
    path = folder / "triage.yml"
    change(path, lambda data: data["red_flags"][0].update(level="soonish"))
    with pytest.raises(ContentError, match=r"triage\.yml.*level"):
        library.load(folder)


def test_a_source_that_does_not_exist_is_named(folder: Path) -> None:
    path = folder / "safety.yml"
    change(path, lambda data: data["warnings"][0].update(sources=["nobody"]))
    with pytest.raises(ContentError, match=r"\.yml:\d+: .*nobody"):
        library.load(folder)


def test_a_word_that_no_region_has_is_named(folder: Path) -> None:
    path = folder / "safety.yml"
    change(path, lambda data: data["warnings"][0].update(say="Call {auntie}."))
    with pytest.raises(ContentError, match=r"\.yml:\d+: .*auntie"):
        library.load(folder)


def test_a_sentence_without_a_source_is_refused(folder: Path) -> None:
    path = folder / "safety.yml"
    change(path, lambda data: data["warnings"][0].update(sources=[]))
    with pytest.raises(ContentError, match=r"safety\.yml.*sources"):
        library.load(folder)


def test_an_id_that_stands_twice_is_named(folder: Path) -> None:
    path = folder / "safety.yml"
    change(path, lambda data: data["stop_signs"].append(data["stop_signs"][0]))
    with pytest.raises(ContentError, match="stands twice"):
        library.load(folder)


def test_broken_yaml_is_named_with_its_line(folder: Path) -> None:
    (folder / "massage.yml").write_text("techniques: [\n")
    with pytest.raises(ContentError, match=r"(?s)massage\.yml.*line 2"):
        library.load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "levels.yml").unlink()
    with pytest.raises(ContentError, match=r"levels\.yml"):
        library.load(folder)


def test_a_question_that_leads_nowhere_is_named(folder: Path) -> None:
    path = folder / "screen.yml"
    change(path, lambda data: data["danger"][1].update(which="nowhere"))
    with pytest.raises(ContentError, match="nowhere"):
        library.load(folder)


def test_only_present_and_lasting_findings_are_evidence() -> None:
    content = library.load()
    statuses = {
        "swelling": Assertion.PRESENT,
        "heat": Assertion.ABSENT,
        "fever": Assertion.UNCERTAIN,
        "cancer": Assertion.PAST,
        "fracture": Assertion.PAST,
    }
    assert content.evidence(statuses) == {"swelling", "cancer"}


def test_findings_bring_what_they_imply() -> None:
    content = library.load()
    evidence = content.evidence({"fall_on_hand": Assertion.PRESENT})
    assert {"fall_on_hand", "fall", "injury"} <= evidence


def test_only_flags_that_a_finding_touches_are_looked_at() -> None:
    content = library.load()
    for flag in content.red_flags.values():
        for row in flag.when.any_of:
            assert flag in content.flags_touched_by(row), (flag.id, row)


def test_a_finding_is_told_in_words() -> None:
    content = library.load()
    assert content.finding_label("heat") == "warmth"
    assert content.finding_label("night_pain") == "night pain"


def test_every_contraindication_applies_to_what_its_rule_names() -> None:
    """The index by findings leaves none out."""
    content = library.load()
    for item in content.contraindications.values():
        for row in item.when.any_of:
            findings = dict.fromkeys(row, Assertion.PRESENT)
            held = item in content.applying(Case(findings=findings))
            evidence = content.evidence(findings)
            assert held is rules.holds(item.when, evidence, Case(findings=findings))

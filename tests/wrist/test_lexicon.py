"""What the lexicon must read into wordings, turns, and any text at all."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from wrist.findings import Reading
from wrist.lexicon import Lexicon
from wrist.library import CONTENT, ContentError

HERE = Path(__file__).parent
RAISED = {"present", "other_person"}


@cache
def lexicon() -> Lexicon:
    return Lexicon.load()


def rows(name: str, key: str) -> list[Any]:
    data = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["text"][:60]) for row in data[key]]


def statuses(reading: Reading) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in reading.findings:
        found.setdefault(finding.id, set()).add(finding.status.value)
    return found


def check(row: dict[str, Any]) -> Reading:
    reading = lexicon().read(row["text"])
    found = statuses(reading)
    for id_, status in row.get("is", {}).items():
        assert status in found.get(id_, set()), (id_, status, found)
    for id_ in row.get("not", ()):
        assert not found.get(id_, set()) & RAISED, (id_, found)
    assert not set(found) & set(row.get("unsaid", ()))
    filled = {entity.entity for entity in reading.entities if entity.role is None}
    assert not filled & set(row.get("unfilled", ()))
    return reading


@pytest.mark.parametrize("row", rows("lexicon_cases.yml", "cases"))
def test_wording_is_read_as_the_table_says(row: dict[str, Any]) -> None:
    check(row)


@pytest.mark.parametrize("row", rows("lexicon_turns.yml", "turns"))
def test_turn_of_a_scenario_is_understood(row: dict[str, Any]) -> None:
    reading = check(row)
    entities = {
        " ".join(str(part) for part in (e.entity, e.value, e.role) if part is not None)
        for e in reading.entities
    }
    assert set(row.get("entities", ())) <= entities
    onsets = {f.id: f.onset_days for f in reading.findings if f.onset_days is not None}
    for id_, days in row.get("onset", {}).items():
        assert onsets[id_] == pytest.approx(days)
    assert reading.is_question == row.get("question", False)
    assert reading.language == row.get("language", "en")


def buttons() -> list[str]:
    screen = yaml.safe_load((CONTENT / "screen.yml").read_text(encoding="utf-8"))
    lists = [part for part in screen.values() if isinstance(part, list)]
    questions = [entry for part in lists for entry in part if isinstance(entry, dict)]
    return sorted({text for entry in questions for text in entry.get("buttons", ())})


@pytest.mark.parametrize("text", buttons())
def test_every_button_of_a_question_is_understood(text: str) -> None:
    reading = lexicon().read(text)
    assert reading.findings or reading.entities
    if text.isdigit():
        scores = [(e.entity, e.value, e.role) for e in reading.entities]
        assert scores == [("pain_score", int(text), "bare")]


def test_only_the_lexicon_imports_what_reads_words() -> None:
    package = CONTENT.parent
    for path in package.rglob("*.py"):
        if path != package / "lexicon.py" and path.parent.name != "reading":
            assert "wrist.reading" not in path.read_text(encoding="utf-8"), path.name


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_with_offsets_inside_it(text: str) -> None:
    inside(text)


TYPED = (
    "no not my mum's wrist is numb , but and if blue since 3 weeks ago he ? . can't"
    " swollen fever 38.5 7/10 i'm 34 🥶 <b> wirst or hands are fine"
)
WORDS = st.sampled_from(TYPED.split())


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_any_words_are_read_with_offsets_inside_the_text(text: str) -> None:
    inside(text)


def inside(text: str) -> None:
    reading = lexicon().read(text)
    for finding in reading.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
    for entity in reading.entities:
        assert 0 <= entity.start < entity.end <= len(text)
    assert lexicon().read(text) == reading


def test_offsets_point_into_the_text_as_it_was_typed() -> None:
    text = "<b>It\u2019s  NUMB</b>\x00 and my wirst is soooo swolen"
    found = {f.id: f.text for f in lexicon().read(text).findings}
    assert found["numbness"] == "NUMB"
    assert found["swelling"] == "swolen"


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    (folder / "lexicon").mkdir(parents=True)
    for path in CONTENT.glob("lexicon/*.yml"):
        (folder / "lexicon" / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (folder / "assertion.yml").write_text(
        (CONTENT / "assertion.yml").read_text("utf-8")
    )
    talk = folder / "lexicon" / "talk.yml"
    good = talk.read_text("utf-8")
    for broken in (
        "findings:\n  all_fine:\n    phrasess: [all fine]\n",
        "findings:\n  all_fine: {phrases: [a]}\n  all_fine: {phrases: [b]}\n",
        "findings: [\n",
        good.replace("- all ok", '- "all {nothing_such}"'),
        good.replace("- all ok", "- all ok with her"),  # "her" would be ignored
    ):
        talk.write_text(broken, "utf-8")
        with pytest.raises(ContentError, match=r"talk\.yml"):
            Lexicon.load(folder)


def test_the_longest_message_is_read_to_its_end() -> None:
    clause = "my wrist is numb and swollen, no fever, but i fell on it 3 weeks ago. "
    end = "and my fingers have gone blue"
    text = (clause * 120)[: 8000 - len(end)] + end
    assert lexicon().read(text).findings[-1].end == len(text)

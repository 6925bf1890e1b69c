"""The printed rule set is whole, names its sources, and shows first what lacks one."""

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from tools import rules
from tools.environment import ROOT
from tools.rule_set import Wording, merged, sections, unsourced
from wrist import crosscheck, library
from wrist.models import When


@pytest.fixture(scope="module")
def content() -> library.Library:
    return library.load()


@pytest.fixture(scope="module")
def whole(content: library.Library) -> str:
    grids = rules.grids(content, only_unsourced=False)
    return "\n".join(map(rules.as_markdown, grids))


def test_every_item_of_the_rule_set_is_printed(
    content: library.Library, whole: str
) -> None:
    kinds = (
        content.red_flags,
        content.contraindications,
        content.stop_signs,
        content.self_care_patterns,
        content.corrections,
    )
    for kind in kinds:
        for item in kind:
            assert f"\n| {item} |" in whole, item


def test_every_sentence_of_a_red_flag_is_printed_with_its_sources(
    content: library.Library, whole: str
) -> None:
    words = Wording(content)
    for flag in content.red_flags.values():
        variants = [point for one in flag.variants for point in one.points]
        for sentence in (*flag.points, *variants):
            (line,) = words.sentence(sentence)
            assert line in whole
            assert line.endswith(f"[{', '.join(sentence.sources)}]")


def test_no_brace_and_no_bare_none_is_left(whole: str) -> None:
    assert not re.search(r"{\w+}", whole)
    assert "None" not in whole.split()


def test_what_was_not_checked_stands_first(content: library.Library) -> None:
    for section in sections(content):
        order = [(not row.unsourced, row.signed_off) for row in section.rows]
        assert order == sorted(order), section.title


def test_what_somebody_signed_off_stands_behind_what_nobody_did(
    content: library.Library,
) -> None:
    sourced = [row.item for row in sections(content)[0].rows if not row.unsourced]
    first = next(item for item in sourced if item in content.red_flags)
    signed = content.red_flags[first].copy(update={"signed_off_by": "Dr Test"})
    flags = {**content.red_flags, first: signed}
    rows = sections(replace(content, red_flags=flags))[0].rows
    assert rows[-1].item.partition(",")[0] == first
    assert not rows[0].signed_off


def test_variants_follow_their_flag(content: library.Library) -> None:
    flag = ""
    for row in sections(content)[0].rows:
        if row.is_variant:
            assert row.item.startswith(f"{flag}, ")
        flag = row.item.partition(",")[0]


def test_counts_leave_variants_out(content: library.Library) -> None:
    assert sections(content)[0].counts.startswith(
        f"Red flags: {len(content.red_flags)}, of them 0 signed off"
    )


def test_every_unsourced_sentence_is_listed_once_with_its_item(
    content: library.Library,
) -> None:
    listed = unsourced(content)
    assert len(listed) == len(set(listed))
    expected = {
        (item, sentence.say)
        for item, sentence in crosscheck.sentences(content)
        if "unsourced" in sentence.sources
    }
    assert expected <= set(listed)


def test_alternatives_that_differ_in_one_finding_are_put_together() -> None:
    rows = [["a", "c"], ["a", "d"], ["b", "c"], ["b", "d"], ["e"]]
    assert merged(rows) == [(("a", "b"), ("c", "d")), (("e",),)]


def test_the_rules_read_the_same_in_every_process(whole: str) -> None:
    other = subprocess.run(
        [sys.executable, "-m", "tools.rules", "--markdown"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert whole.strip() in other.stdout


def test_putting_together_changes_no_meaning(content: library.Library) -> None:
    for flag in content.red_flags.values():
        for when in (flag.when, *(one.when for one in flag.variants)):
            spelt_out = {
                frozenset(row) for row in _products(merged(when.any_of)) if row
            }
            assert spelt_out == {frozenset(row) for row in when.any_of}


def _products(rows: list[tuple[tuple[str, ...], ...]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for row in rows:
        products: list[tuple[str, ...]] = [()]
        for term in row:
            products = [(*one, finding) for one in products for finding in term]
        found += products
    return found


def test_a_rule_reads_as_words(content: library.Library) -> None:
    when = When(
        any_of=(("fever", "pus"), ("fever", "red_streak")), unless=("long_standing",)
    )
    said = Wording(content).when(when)
    assert said == "fever and (pus or red streak)\nunless long standing"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--markdown", "not checked at a source"),
        ("--unsourced", "not checked at a source"),
        ("--due", "due for review"),
    ],
)
def test_the_command_prints(option: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.rules", option],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert said in done.stdout.lower()


def test_a_broken_file_is_said_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(region: str | None = None) -> library.Library:
        raise library.ContentError("triage.yml: line 3")

    monkeypatch.setattr(library, "load", broken)
    assert rules.main([]) == 1
    assert capsys.readouterr().err == "triage.yml: line 3\n"

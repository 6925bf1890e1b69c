"""Every rule can be followed to its sources, its words and its tests."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tools import trace
from tools.environment import ROOT
from tools.rule_set import Wording
from tools.trace import Tables, Trace, summary, tables, traces
from wrist.library import CONTENT, Library

# What rests on general knowledge alone, until somebody finds a source for it.
UNCHECKED = {"rf_neck_cord", "ci_teen", "ci_heat_topical"}


@pytest.fixture(scope="module")
def beside() -> Tables:
    return tables()


def by_item(content: Library, beside: Tables) -> dict[str, Trace]:
    return {row.item: row for row in traces(content, beside)}


def lines(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]


def test_there_is_a_row_for_every_red_flag_and_contraindication(
    content: Library, beside: Tables
) -> None:
    items = [*content.red_flags, *content.contraindications]
    assert [row.item for row in traces(content, beside)] == items


def test_no_red_flag_and_no_contraindication_has_a_gap(
    content: Library, beside: Tables
) -> None:
    rows = traces(content, beside)
    assert not {row.item: row.gaps for row in rows if row.gaps}
    assert {row.item for row in rows if set(row.sources) == {"unsourced"}} == UNCHECKED


def test_a_finding_that_loses_its_wording_is_a_gap(
    content: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    for path in (folder / "lexicon").glob("*.yml"):
        data = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        if data.get("findings", {}).pop("jaw_pain", None):
            path.write_text(yaml.safe_dump(data), "utf-8")
    rows = by_item(content, tables(folder))
    assert "no wording: jaw_pain" in rows["rf_cardiac"].gaps
    assert "no wording: chest_pain" not in rows["rf_cardiac"].gaps
    assert trace.main(["--markdown"], folder) == 1
    assert "no wording: jaw_pain" in capsys.readouterr().out


def test_a_contraindication_whose_own_name_loses_its_wording_is_a_gap(
    content: Library, beside: Tables
) -> None:
    lexicon = {k: v for k, v in beside.lexicon.items() if k != "ci_ice_skin"}
    rows = by_item(content, beside._replace(lexicon=lexicon))
    assert rows["ci_ice_skin"].gaps == ("no wording: ci_ice_skin",)


def test_a_flag_without_a_case_of_its_rule_is_a_gap(
    content: Library, beside: Tables
) -> None:
    cases = Counter({k: v for k, v in beside.rule_cases.items() if k != "rf_lump"})
    rows = by_item(content, beside._replace(rule_cases=cases))
    assert rows["rf_lump"].gaps == ("no rule case",)


def test_a_finding_that_must_only_be_left_unread_is_a_gap(
    content: Library, beside: Tables
) -> None:
    cases = [
        {finding: read and finding != "lump" for finding, read in case.items()}
        for case in beside.wording_cases
    ]
    rows = by_item(content, beside._replace(wording_cases=cases))
    assert "no case reads: lump" in rows["rf_lump"].gaps


def test_an_item_whose_sentences_name_no_source_is_a_gap(
    content: Library, beside: Tables
) -> None:
    item = content.contraindications["ci_fever_infection"]
    bare = tuple(s.copy(update={"sources": ()}) for s in item.say)
    items = {**content.contraindications, item.id: item.copy(update={"say": bare})}
    rows = by_item(replace(content, contraindications=items), beside)
    assert rows[item.id].gaps == ("no source",)
    assert by_item(content, beside)[item.id].sources == tuple(
        dict.fromkeys(source for sentence in item.say for source in sentence.sources)
    )


def test_sentences_and_cases_are_counted(content: Library, beside: Tables) -> None:
    row = by_item(content, beside)["rf_heavy_bleeding"]
    taught = Counter(
        line[0] for line in lines(ROOT / "data" / "flags" / "rf_heavy_bleeding.tsv")
    )
    held_out = Counter(
        line[1]
        for name in ("tuning", "reported")
        for line in lines(ROOT / "tests" / "heldout" / "flags" / f"{name}.tsv")
        if line[0] == row.item
    )
    assert row.sentences == (
        f"taught {taught['fire']}/{taught['quiet']}",
        f"held out {held_out['fire']}/{held_out['quiet']}",
    )
    folder = ROOT / "tests" / "wrist"
    talks = (folder / "triage_cases.yml").read_text("utf-8").count("rf_heavy_bleeding")
    named = [
        case
        for name, key in (("lexicon_cases", "cases"), ("lexicon_turns", "turns"))
        for case in yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))[key]
        if {"heavy_bleeding", "rf_heavy_bleeding"}
        & {*case.get("is", ()), *case.get("not", ()), *case.get("unsaid", ())}
    ]
    rules = yaml.safe_load((folder / "rule_cases.yml").read_text("utf-8"))
    assert row.cases == (
        f"rule {len(rules[row.item])}",
        f"talk {talks}",
        f"wording {len(named)}",
    )
    assert min(*taught.values(), *held_out.values(), talks, len(named)) > 0


def test_the_rule_is_in_words_with_its_variants(
    content: Library, beside: Tables
) -> None:
    rows = by_item(content, beside)
    words = Wording(content)
    for flag in content.red_flags.values():
        for when in (flag.when, *(variant.when for variant in flag.variants)):
            assert words.when(when) in rows[flag.id].rule
    assert rows["rf_sepsis"].level == "emergency ambulance"
    assert rows["ci_fever_infection"].level == "stop"


def test_what_only_others_imply_is_traced_to_those(
    content: Library, beside: Tables
) -> None:
    wordings = by_item(content, beside)["rf_sepsis"].wordings
    assert {"fever", "shivering", "unwell"} <= set(wordings)
    assert not [finding for finding in wordings if finding.startswith("any_")]


def test_two_wordings_are_shown_of_all_that_are_counted(
    content: Library, beside: Tables
) -> None:
    row = by_item(content, beside)["rf_lump"]
    every = [one for finding in row.wordings for one in beside.wordings(finding)]
    count, *shown = row.cells[trace.HEAD.index("wordings")].split("\n")
    assert count == f"{len(every)}:"
    assert len(shown) == 2 and set(shown) <= set(every)


def test_the_last_line_counts_and_the_exit_code_tells(
    content: Library,
    beside: Tables,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = [row._replace(gaps=()) for row in traces(content, beside)]
    assert summary(whole) == f"Rows with a gap: 0 of {len(whole)}"
    broken = [whole[0]._replace(gaps=("no source", "no wording: fever")), *whole[1:]]
    for rows, code in ((whole, 0), (broken, 1)):
        monkeypatch.setattr(trace, "traces", lambda *_, rows=rows: rows)
        assert trace.main([]) == code
        last = capsys.readouterr().out.strip().splitlines()[-1]
        assert last == summary(rows)
    assert summary(broken).startswith(f"Rows with a gap: 1 of {len(whole)} (")


def test_as_markdown_every_row_is_a_line(
    content: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    trace.main(["--markdown"])
    printed = capsys.readouterr().out
    width = len(trace.HEAD) + 1
    for item in (*content.red_flags, *content.contraindications):
        (line,) = [one for one in printed.splitlines() if one.startswith(f"| {item} |")]
        assert line.replace("\\|", "").count("|") == width

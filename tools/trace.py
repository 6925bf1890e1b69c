"""`make trace`: the sources, words and tests of each red flag and contraindication.

A gap is an item with no source, a finding without wording, or one that no case reads.
`unsourced` stands for general knowledge that was not checked at a source: see `make
rules`, which puts it first.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tools.environment import ROOT, child_environment
from tools.rule_set import Grid, Wording
from tools.rules import show
from wrist import crosscheck, library, rules
from wrist.library import CONTENT, Library
from wrist.models import Contraindication, RedFlag
from wrist.reading.files import FindingRule, merge

CASES = ROOT / "tests" / "wrist"
TAUGHT = ROOT / "data" / "flags"
HELD_OUT = ROOT / "tests" / "heldout" / "flags"
NOT_FINDINGS = {"words.yml", "entities.yml"}  # files of the lexicon of another shape
EXAMPLES = 2
HEAD = (
    *("item", "level", "sources", "rule in words", "findings", "wordings"),
    *("sentences", "cases", "gaps"),
)
LEGEND = """\
- wordings: of these findings in wrist/content/lexicon, how many, and two of them.
- sentences: firing/quiet, for the second detector (data/flags) and held out from it
  (tests/heldout/flags).
- cases that mention the item or its findings: of a rule (tests/wrist/rule_cases.yml), a
  talk (triage_cases.yml), a wording (lexicon_cases.yml, lexicon_turns.yml).
"""

Item = RedFlag | Contraindication
Says = tuple[int, int]  # sentences that must fire a flag, and that must not


class Tables(NamedTuple):
    """What there is beside the rules, read from its files."""

    lexicon: Mapping[str, FindingRule]
    rule_cases: Counter[str]  # by red flag
    talks: Counter[str]  # by red flag that must fire or must not
    wording_cases: list[Mapping[str, bool]]  # finding -> whether it must be read
    taught: Mapping[str, Says]
    held_out: Mapping[str, Says]

    def wordings(self, finding: str) -> list[str]:
        """Every wording of a finding, plain ones first; + joins words that may part."""
        rule = self.lexicon.get(finding, FindingRule())
        every = [*rule.phrases, *(" + ".join(words) for words in rule.near)]
        return sorted(every, key=_is_pattern)


class Trace(NamedTuple):
    """One item with all that belongs to it: a row of the table."""

    item: str
    level: str
    sources: tuple[str, ...]
    rule: str
    wordings: Mapping[str, list[str]]  # of each finding that the rule names
    sentences: tuple[str, ...]
    cases: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        by_turns = zip_longest(
            *self.wordings.values()
        )  # the first of each finding first
        wordings = [one for turn in by_turns for one in turn if one]
        return (
            *(self.item, self.level, ", ".join(self.sources), self.rule),
            ", ".join(self.wordings),
            "\n".join([f"{len(wordings)}:", *wordings[:EXAMPLES]]),
            *map("\n".join, (self.sentences, self.cases, self.gaps)),
        )


def _is_pattern(wording: str) -> bool:
    """Whether a wording is harder to read than what somebody would say."""
    return any(mark in wording for mark in "{/=+.")


def tables(folder: Path = CONTENT) -> Tables:
    """Lexicon of this content, cases and sentences."""
    files = sorted((folder / "lexicon").glob("*.yml"))
    lexicon, _ = merge(file for file in files if file.name not in NOT_FINDINGS)
    by_flag = _yaml("rule_cases.yml")
    talks = chain.from_iterable(_yaml("triage_cases.yml").values())
    read = (*_yaml("lexicon_cases.yml")["cases"], *_yaml("lexicon_turns.yml")["turns"])
    return Tables(
        lexicon=lexicon.findings,
        rule_cases=Counter({flag: len(cases) for flag, cases in by_flag.items()}),
        talks=Counter(
            flag
            for case in talks
            for flag in {*case.get("flags", ()), *case.get("not_flags", ())}
        ),
        wording_cases=[_mentioned(case) for case in read],
        taught=_counted(
            (file.stem, row["says"])
            for file in TAUGHT.glob("*.tsv")
            for row in _rows(file)
        ),
        held_out=_counted(
            (row["flag"], row["says"])
            for file in HELD_OUT.glob("*.tsv")
            for row in _rows(file)
        ),
    )


def _yaml(name: str) -> Any:
    text = (CASES / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [*csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _counted(said: Iterable[tuple[str, str]]) -> dict[str, Says]:
    counted = Counter(said)
    flags = {flag for flag, _ in counted}
    return {flag: (counted[flag, "fire"], counted[flag, "quiet"]) for flag in flags}


def _mentioned(case: Mapping[str, Any]) -> dict[str, bool]:
    not_read = (*case.get("not", ()), *case.get("unsaid", ()))
    return {**dict.fromkeys(not_read, False), **dict.fromkeys(case.get("is", ()), True)}


def traces(content: Library, beside: Tables) -> list[Trace]:
    """A row for each red flag, then for each contraindication."""
    sources: dict[str, dict[str, None]] = {}
    for item, sentence in crosscheck.sentences(content):
        sources.setdefault(item, {}).update(dict.fromkeys(sentence.sources))
    items: tuple[Item, ...] = (
        *content.red_flags.values(),
        *content.contraindications.values(),
    )
    words = Wording(content)
    return [_trace(item, tuple(sources[item.id]), words, beside) for item in items]


def _trace(
    item: Item, sources: tuple[str, ...], words: Wording, beside: Tables
) -> Trace:
    findings = spelt_out(item, words.content)
    level = item.level if isinstance(item, RedFlag) else item.decision
    return Trace(
        item=item.id,
        level=level.value.replace("_", " "),
        sources=sources,
        rule="\n".join(_rule(item, words)),
        wordings={finding: beside.wordings(finding) for finding in findings},
        sentences=tuple(_sentences(item, beside)),
        cases=tuple(_cases(item, findings, beside)),
        gaps=tuple(_gaps(item, sources, findings, beside)),
    )


def spelt_out(item: Item, content: Library) -> tuple[str, ...]:
    """The findings that the rules of an item name; for `any_...` what brings it."""
    named = rules.named(item.when)
    if isinstance(item, RedFlag):
        named = rules.findings_of(item)
    groups = {finding for finding in named if finding.startswith("any_")}
    implied = content.triage.implies.items()
    bringing = {name for name, brings in implied if not groups.isdisjoint(brings)}
    return tuple(sorted((named - groups) | bringing))


def _rule(item: Item, words: Wording) -> Iterator[str]:
    """The rule of an item, then those of its variants, which are tried before it."""
    yield words.when(item.when)
    for variant in item.variants if isinstance(item, RedFlag) else ():
        level = variant.level.value.replace("_", " ")
        yield f"but first, {level}:\n{words.when(variant.when)}"


def _sentences(item: Item, beside: Tables) -> Iterator[str]:
    if isinstance(item, RedFlag):
        for what, table in {
            "taught": beside.taught,
            "held out": beside.held_out,
        }.items():
            fire, quiet = table.get(item.id, (0, 0))
            yield f"{what} {fire}/{quiet}"
    else:
        yield "-"


def _cases(item: Item, findings: Iterable[str], beside: Tables) -> Iterator[str]:
    """How many cases of each table mention the item or its findings."""
    if isinstance(item, RedFlag):
        yield f"rule {beside.rule_cases[item.id]}"
        yield f"talk {beside.talks[item.id]}"
    mentioned = {item.id, *findings}
    wording = sum(not mentioned.isdisjoint(case) for case in beside.wording_cases)
    yield f"wording {wording}"


def _gaps(
    item: Item, sources: Iterable[str], findings: Iterable[str], beside: Tables
) -> Iterator[str]:
    if not set(sources):
        yield "no source"
    if isinstance(item, RedFlag) and not beside.rule_cases[item.id]:
        yield "no rule case"
    for finding in findings:
        if finding == item.id and isinstance(item, RedFlag):
            continue  # also set by the second detector and by the question about it
        if not beside.wordings(finding):
            yield f"no wording: {finding}"
        if not any(case.get(finding) for case in beside.wording_cases):
            yield f"no case reads: {finding}"


def summary(rows: list[Trace]) -> str:
    """How many rows have a gap, and which kinds of gap."""
    kinds = Counter(
        kind for row in rows for kind in {g.split(":")[0] for g in row.gaps}
    )
    counted = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    total = sum(bool(row.gaps) for row in rows)
    return f"Rows with a gap: {total} of {len(rows)}" + (
        f" ({counted})" if total else ""
    )


def grid(rows: list[Trace]) -> Grid:
    """The table."""
    title = "Red flags, then contraindications"
    return f"{title}: {len(rows)}", HEAD, [row.cells for row in rows]


def main(given: list[str] | None = None, folder: Path = CONTENT) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.trace", description="What stands behind each rule."
    )
    parser.add_argument("--markdown", action="store_true", help="for a file")
    options = parser.parse_args(given)
    try:
        region = child_environment().get(library.REGION_VARIABLE)
        rows = traces(library.load(folder, region), tables(folder))
    except library.ContentError as error:
        print(error, file=sys.stderr)
        return 1
    title = f"What stands behind each rule\n\n{LEGEND}"
    show(title, [grid(rows)], markdown=options.markdown)
    print(summary(rows))
    return int(any(row.gaps for row in rows))


if __name__ == "__main__":
    sys.exit(main())

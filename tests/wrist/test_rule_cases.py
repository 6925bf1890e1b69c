"""Each rule of a red flag decides a case of its own; else the case ends elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
import yaml

from wrist import library, triage
from wrist.models import Assertion, RedFlag, When

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "rule_cases.yml").read_text(encoding="utf-8")
)
LIBRARY = library.load()
EVERY = [
    pytest.param(flag, case, id=f"{flag}: {', '.join(case['findings'])}")
    for flag, cases in CASES.items()
    for case in cases
]
NOTHING = When()


def fired(flag: RedFlag, findings: list[str]) -> triage.FiredFlag | None:
    """How this flag, apart from all others, fires on these findings."""
    alone = replace(LIBRARY, red_flags={flag.id: flag})
    evidence = LIBRARY.evidence(dict.fromkeys(findings, Assertion.PRESENT))
    return next(iter(triage.fired_flags(evidence, alone)), None)


def decision(one: triage.FiredFlag | None) -> object:
    """All that is decided and said, without the rules that led to it."""
    return one and (one.level, one.reason, one.heading, one.points)


def mutants(flag: RedFlag) -> Iterator[tuple[str, RedFlag]]:
    """The flag without one of its rules, with the name of what is missing."""
    of_variants = frozenset().union(*(v.when.any_of for v in flag.variants))
    if not set(flag.when.any_of) <= of_variants:  # else a variant always goes before it
        yield "when", flag.copy(update={"when": NOTHING})
    for number in range(len(flag.variants)):
        left = flag.variants[:number] + flag.variants[number + 1 :]
        yield f"variant {number}", flag.copy(update={"variants": left})


@pytest.mark.parametrize(("flag", "case"), EVERY)
def test_a_rule_decides_its_case(flag: str, case: dict[str, Any]) -> None:
    found = fired(LIBRARY.red_flags[flag], case["findings"])
    assert found is not None
    begins = found.heading or found.points[0].say
    wanted = (case["level"], case["reason"], case["begins"])
    assert (found.level.value, found.reason, begins) == wanted


@pytest.mark.parametrize("flag", LIBRARY.red_flags)
def test_without_any_one_of_its_rules_a_case_of_the_flag_fails(flag: str) -> None:
    whole = LIBRARY.red_flags[flag]
    for missing, mutant in mutants(whole):
        noticed = [
            case
            for case in CASES[flag]
            if decision(fired(mutant, case["findings"]))
            != decision(fired(whole, case["findings"]))
        ]
        assert noticed, f"no case notices that {flag} lost its {missing}"


def test_there_are_cases_for_every_red_flag_in_their_order() -> None:
    for flag, group in zip_longest(LIBRARY.red_flags, CASES):
        assert flag == group

"""When a rule of the content holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wrist import rules
from wrist.case import Case
from wrist.models import When

FINDINGS = st.sets(st.sampled_from("abcdef"))


def when(*any_of: str, **fields: object) -> When:
    return When(any_of=[list(row) for row in any_of], **fields)


@pytest.mark.parametrize(
    ("rule", "findings", "holds"),
    [
        (when("a"), "a", True),
        (when("a"), "b", False),
        (when("ab"), "a", False),
        (when("ab"), "abc", True),
        (when("a", "b"), "b", True),
        (when("a", unless=["x"]), "ax", False),
        (when("a", unless=["x"]), "a", True),
        (when(at_least=2, of=["a", "b", "c"]), "a", False),
        (when(at_least=2, of=["a", "b", "c"]), "ac", True),
        (when(at_least=2, of=["a", "b", "c"], unless=["x"]), "acx", False),
        (when(), "abc", False),
    ],
)
def test_rule_holds(rule: When, findings: str, holds: bool) -> None:
    assert rules.holds(rule, set(findings)) is holds


@given(FINDINGS, FINDINGS)
def test_more_findings_never_undo_a_rule_without_exceptions(
    some: set[str], more: set[str]
) -> None:
    rule = when("ab", "c", at_least=2, of=["d", "e", "f"])
    if rules.holds(rule, some):
        assert rules.holds(rule, some | more)


def test_a_named_predicate_is_asked_about_the_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "PREDICATES", {})
    rules.predicate(_is_old)
    rule = when(function="_is_old")
    assert rules.holds(rule, set(), Case(age=80))
    assert not rules.holds(rule, set(), Case(age=20))
    assert not rules.holds(rule, set())


def _is_old(case: Case) -> bool:
    return (case.age or 0) > 60


def test_all_that_a_rule_names() -> None:
    rule = when("ab", "c", at_least=1, of=["d"], unless=["x"])
    assert rules.named(rule) == set("abcdx")

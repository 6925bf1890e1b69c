"""Whether a rule of the content holds; named predicates for what data cannot say."""

from collections.abc import Callable, Set

from wrist.case import Case
from wrist.models import RedFlag, When

Predicate = Callable[[Case], bool]
PREDICATES: dict[str, Predicate] = {}


def predicate(function: Predicate) -> Predicate:
    """Register a predicate that content may name in `function:`."""
    PREDICATES[function.__name__] = function
    return function


@predicate
def is_child(case: Case) -> bool:
    """Whether the writer is under 16, whatever it is that hurts."""
    return case.has("child")


def holds(when: When, findings: Set[str], case: Case | None = None) -> bool:
    """Whether `when` is true of these findings (and, for predicates, a case)."""
    if when.unless and not when.unless.isdisjoint(findings):
        return False
    for row in when.any_of:  # asked two hundred times a message: no generator
        if row <= findings:
            return True
    if when.at_least and len(when.of & findings) >= when.at_least:
        return True
    return bool(when.function and case and PREDICATES[when.function](case))


def named(when: When) -> frozenset[str]:
    """Every finding that a rule names."""
    return frozenset().union(*when.any_of, when.of, when.unless)


def findings_of(flag: RedFlag) -> frozenset[str]:
    """Every finding that the rules of a red flag name."""
    whens = (flag.when, *(variant.when for variant in flag.variants))
    return frozenset().union(*map(named, whens))

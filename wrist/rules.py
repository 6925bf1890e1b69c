"""Whether a rule of the content holds; named predicates for what data cannot say."""

from collections.abc import Callable, Collection

from wrist.case import Case
from wrist.models import When

Predicate = Callable[[Case], bool]
PREDICATES: dict[str, Predicate] = {}


def predicate(function: Predicate) -> Predicate:
    """Register a predicate that content may name in `function:`."""
    PREDICATES[function.__name__] = function
    return function


def holds(when: When, findings: Collection[str], case: Case | None = None) -> bool:
    """Whether `when` is true of a set of present findings (and, for predicates, a case)."""
    if any(finding in findings for finding in when.unless):
        return False
    if any(all(finding in findings for finding in row) for row in when.any_of):
        return True
    if when.at_least and sum(f in findings for f in when.of) >= when.at_least:
        return True
    return bool(when.function and case and PREDICATES[when.function](case))


def named(when: When) -> frozenset[str]:
    """Every finding that a rule names."""
    rows = {finding for row in when.any_of for finding in row}
    return frozenset(rows | set(when.of) | set(when.unless))

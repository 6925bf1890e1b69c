"""Judges one line of a conversation: by the slots, or by its row in the tables.

    disp, start           -> slots and cards, no table needed
    say                   -> said.yml      ask -> asked.yml
    state, ui, log        -> states.yml

What a row may hold is told at the top of said.yml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import yaml

from tests.conversations.play import HERE, Line, Turn, conversations, lines_of
from wrist import crosscheck, library
from wrist.models import Disposition
from wrist.render import fill

TABLES = {
    "say": "said.yml",
    "ask": "asked.yml",
    "state": "states.yml",
    "ui": "states.yml",
    "log": "states.yml",
}
REFERENCE = re.compile(r"^(?:(if_better|if_doubted):)?([\w.-]+)(?:@(\w+)|#(\d+))?$")
DISP = re.compile(r"^disp(: |>=| kept)(\w*)$")
Row = dict[str, Any]


def table(kind: str) -> dict[str, dict[int, list[Row]]]:
    """Rows by conversation and turn."""
    return _read(TABLES[kind])


@cache
def _read(name: str) -> dict[str, dict[int, list[Row]]]:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def row_for(line: Line, conversation: str, turn: int) -> Row:
    """The row whose `line` begins this line; there must be exactly one."""
    matching = [
        row
        for row in table(line.kind).get(conversation, {}).get(turn, [])
        if line.text.startswith(row["line"])
    ]
    if len(matching) != 1:
        raise AssertionError(
            f"{len(matching)} rows of {TABLES[line.kind]} begin the line {line}"
        )
    return matching[0]


def problem(turn: Turn, line: Line, conversation: str, number: int) -> str | None:
    """Why the turn breaks the line, or None."""
    if line.kind == "disp":
        return _disposition(turn, line)
    if line.kind == "start":
        return _start(turn, line)
    row = row_for(line, conversation, number)
    for name, expected in row.items():
        if name in ("line", "left_out"):
            continue
        fault = CHECKS[name](turn, expected)
        if fault:
            return fault
    return None


def _disposition(turn: Turn, line: Line) -> str | None:
    match = DISP.match(line.text)
    assert match, f"not understood: {line}"
    relation, name = match.groups()
    found = Disposition(turn.after.get("disposition") or "info_only")
    if relation == " kept":
        was = Disposition(turn.before.get("disposition") or "info_only")
        holds = found.at_least(was)
    elif relation == ">=":
        holds = found.at_least(Disposition(name))
    else:
        holds = found is Disposition(name)
    return None if holds is not line.forbidden else f"disposition is {found.value}"


def _start(turn: Turn, line: Line) -> str | None:
    if line.forbidden:
        running = turn.steps or turn.after.get("step") is not None
        return f"a massage runs: step {turn.after.get('step')}" if running else None
    first = [card for card in turn.steps if card["step"] == 1]
    if not first or turn.after.get("step") != 1:
        return f"no first step: {turn.items}"
    return None


# --- what a row may ask for ---------------------------------------------------------


def _said(turn: Turn, wanted: list[Any]) -> str | None:
    for one in wanted:
        choices = one if isinstance(one, list) else [one]
        if not any(was_said(turn, reference) for reference in choices):
            return f"none of {choices} was said, but {turn.items}"
    return None


def was_said(turn: Turn, reference: str) -> bool:
    """Whether the item, or the one sentence of it that is meant, was said."""
    part, item, level, number = _parsed(reference)
    if item not in turn.items:
        return False
    if level:
        return any(
            item in custom.get("items", ()) and custom.get("level") == level
            for custom in turn.customs
        )
    if part or number:
        return any(
            one["item"] == item and one["say"] == sentence(reference)
            for one in turn.statements
        )
    return True


def sentence(reference: str) -> str:
    """The words of `item#2`, `if_better:item` or `if_doubted:item` in the content."""
    part, item, _, number = _parsed(reference)
    content = library.default()
    if part == "if_better":
        found = content.triage.if_better[item]
    elif part == "if_doubted":
        doubted = content.red_flags[item].if_doubted
        assert doubted, reference
        found = doubted
    else:
        found = sentences_of(item)[int(number or 1) - 1]
    return fill(found.say, content)


def sentences_of(item: str) -> list[Any]:
    """The sentences of a content item, in the order of the content."""
    content = library.default()
    if item.startswith("net_"):
        return list(content.safety_nets[Disposition(item.removeprefix("net_"))].short)
    if item == "stop_rule":
        return list(content.techniques["self_massage"].stop_rule)
    if item == "hypothetical":
        return list(content.levels.hypothetical)
    for kind in vars(content).values():
        if isinstance(kind, dict) and item in kind:
            return [one for _, one in crosscheck._sentences_in(kind[item], item)]
    raise AssertionError(f"no content item {item}")


def _parsed(reference: str) -> tuple[str | None, str, str | None, str | None]:
    match = REFERENCE.match(reference)
    assert match, f"not a reference: {reference!r}"
    return match[1], match[2], match[3], match[4]


def _only(turn: Turn, allowed: list[str]) -> str | None:
    others = [item for item in turn.items if not _matches(item, allowed)]
    return f"{others} was said and was not read against this line" if others else None


def _none(turn: Turn, banned: list[str]) -> str | None:
    found = [item for item in turn.items if _matches(item, banned)]
    return f"{found} was said" if found else None


def _matches(item: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(item, pattern) for pattern in patterns)


def _order(turn: Turn, items: list[str]) -> str | None:
    places = [turn.items.index(i) for i in items if i in turn.items]
    if len(places) < len(items) or places != sorted(places):
        return f"{items} do not come in this order in {turn.items}"
    return None


def _first(turn: Turn, item: str) -> str | None:
    if turn.items[:1] == [item]:
        return None
    return f"{item} does not come first in {turn.items}"


def _question(turn: Turn, choices: list[str]) -> str | None:
    if set(turn.questions) & set(choices):
        return None
    return f"none of {choices} was asked, but {turn.questions}"


def _no_question(turn: Turn, banned: bool | list[str]) -> str | None:
    bad = turn.questions if banned is True else set(turn.questions) & set(banned or ())
    return f"{sorted(bad)} was asked" if bad else None


def _sources(turn: Turn, wanted: list[str]) -> str | None:
    missing = set(wanted) - turn.sources
    return f"sources {sorted(missing)} are missing" if missing else None


def _named(turn: Turn, wanted: list[str]) -> str | None:
    found = {one for card in turn.cards for one in card.get("named", ())}
    missing = set(wanted) - found
    return f"the card of sources lacks {sorted(missing)}" if missing else None


def _sourced(turn: Turn, _: bool) -> str | None:
    return None if turn.sources else "the reply names no source"


def _buttons(turn: Turn, wanted: list[str]) -> str | None:
    missing = set(wanted) - turn.buttons
    return (
        f"no buttons {sorted(missing)}, but {sorted(turn.buttons)}" if missing else None
    )


def _count(turn: Turn, expected: int) -> str | None:
    return None if len(turn.messages) == expected else f"{len(turn.messages)} messages"


def _steps(turn: Turn, expected: int) -> str | None:
    return None if len(turn.steps) == expected else f"{len(turn.steps)} steps"


def slot(slots: dict[str, Any], path: str) -> Any:
    """The value at `findings.heat` or `other_cases.0.person`, or None."""
    value: Any = slots
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = (value or {}).get(part)
    return value


def _slots(turn: Turn, wanted: dict[str, Any]) -> str | None:
    found = {path: slot(turn.after, path) for path in wanted}
    wrong = {p: v for p, v in found.items() if (v or None) != (wanted[p] or None)}
    return (
        f"slots {wrong} should be { {p: wanted[p] for p in wrong} }" if wrong else None
    )


def _not_slots(turn: Turn, banned: dict[str, Any]) -> str | None:
    wrong = {p: v for p, v in banned.items() if slot(turn.after, p) == v}
    return f"slots {wrong}" if wrong else None


def _between(turn: Turn, wanted: dict[str, list[float]]) -> str | None:
    for path, (least, most) in wanted.items():
        value = slot(turn.after, path)
        if value is None or not least <= value <= most:
            return f"{path} is {value}, not from {least} to {most}"
    return None


def _same(turn: Turn, paths: list[str]) -> str | None:
    wrong = [p for p in paths if slot(turn.after, p) != slot(turn.before, p)]
    return f"{wrong} changed" if wrong else None


def _urgency(turn: Turn, wanted: dict[str, str]) -> str | None:
    for path, least in wanted.items():
        value = slot(turn.after, path)
        if value is None or not Disposition(value).at_least(Disposition(least)):
            return f"{path} is {value}, less urgent than {least}"
    return None


def _silent_log(turn: Turn, _: bool) -> str | None:
    return (
        "the servers' log repeats what was written" if turn.text in turn.log else None
    )


CHECKS: dict[str, Callable[[Turn, Any], str | None]] = {
    "said": _said,
    "only": _only,
    "none": _none,
    "order": _order,
    "first": _first,
    "question": _question,
    "no_question": _no_question,
    "sources": _sources,
    "named": _named,
    "sourced": _sourced,
    "buttons": _buttons,
    "messages": _count,
    "steps": _steps,
    "slots": _slots,
    "not_slots": _not_slots,
    "between": _between,
    "same": _same,
    "urgency": _urgency,
    "silent_log": _silent_log,
}


def references(row: Row) -> list[str]:
    """All references under `said`."""
    said = row.get("said", [])
    return [r for one in said for r in (one if isinstance(one, list) else [one])]


def pinned(row: Row) -> list[str]:
    """References that mean one sentence."""
    return [r for r in references(row) if _parsed(r)[0] or _parsed(r)[3]]


def named(row: Row) -> list[str]:
    """Every item or question that a row names, but for patterns."""
    found = [_parsed(reference)[1] for reference in references(row)]
    for name in ("only", "none", "order", "question", "no_question"):
        value = row.get(name)
        found += value if isinstance(value, list) else []
    found += [row["first"]] if "first" in row else []
    return [item for item in found if "*" not in item]


def known_items() -> set[str]:
    """Every id that a reply can name."""
    content = library.default()
    found = {"stop_rule", "hypothetical", "warnings", "too_painful", "multi_card"}
    for kind in vars(content).values():
        if isinstance(kind, dict):
            found |= {str(name) for name in kind}
    for technique in content.techniques.values():
        found |= {f"{technique.id}.{step.id}" for step in technique.steps}
    for level in Disposition:
        found |= {f"net_{level.value}", f"how_soon_{level.value}"}
    found |= {service.id for service in content.referral.services}
    found |= {"referral_no_person", "referral_tell", "referral_bring"}
    return found | {f"emergency_card_{code}" for code in content.languages}


def every_line() -> list[tuple[str, int, Line]]:
    """All lines that need a row, with conversation and turn."""
    return [
        (name, number, line)
        for name, conversation in conversations().items()
        for number, turn in enumerate(conversation["turns"], 1)
        for line in lines_of(turn)
        if line.kind in TABLES
    ]

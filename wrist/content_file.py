"""Reads one content file, and says where in it something is wrong (domain layer)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

LINE_OPENING = 30  # characters: long texts are folded over several lines


class ContentError(Exception):
    """A content file that cannot be used; the message names file, line and entry."""


class ContentFile(dict[str, Any]):
    """The mapping of a file; what it lacks is a ContentError, not a KeyError."""

    def __init__(self, data: dict[str, Any], path: Path) -> None:
        super().__init__(data)
        self.path = path

    def __missing__(self, key: str) -> Any:
        raise ContentError(f"{self.path}:1: `{key}` is missing")


def read_yaml(path: Path) -> ContentFile:
    """The mapping in `path`; raises ContentError with the line where it is broken."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise ContentError(f"{path}:1: expected a mapping at the top level")
    return ContentFile(data, path)


def line_of(path: Path, place: Sequence[str | int]) -> int:
    """The line (1-based) of the entry at `place`; of what holds it where there is none.

    Keys that are not in the file are passed over: pydantic names fields that a default
    filled, and models that have no key of their own.
    """
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    line = node.start_mark.line if node else 0
    for part in place:
        found = _child(node, part)
        if found is not None:
            key, node = found
            line = key.start_mark.line
    return line + 1


def _child(node: Any, part: str | int) -> tuple[Any, Any] | None:
    """Key and value of one part of a node; of a list, the item is both."""
    if isinstance(node, yaml.MappingNode):
        return next((pair for pair in node.value if pair[0].value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return (node.value[part],) * 2 if part < len(node.value) else None
    return None


def place_of(item: str, text: str, paths: Sequence[Path]) -> str:
    """`path:line: ` of the item with this id, else of what it says, or nothing."""
    opening = text[:LINE_OPENING]
    for sought in (f"id: {item}", opening):
        for path in paths:
            lines = path.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines, 1):
                if sought and sought in line:
                    return f"{path}:{number}: "
    return ""


def reasons(error: Exception) -> str:
    """What pydantic found, in one line."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
        for one in error.errors()
    )


def first_place(error: Exception) -> tuple[str | int, ...]:
    """Where the first fault lies that pydantic found."""
    return error.errors()[0]["loc"] if isinstance(error, ValidationError) else ()

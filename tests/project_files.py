"""The project's own data as the tests of its agreement read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.environment import ROOT

ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def load(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


@cache
def domain() -> dict[str, Any]:
    return load(ROOT / "domain.yml")


@cache
def intents() -> frozenset[str]:
    listed = domain()["intents"]
    return frozenset(i if isinstance(i, str) else next(iter(i)) for i in listed)


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """(intent or faq/topic, sentence without annotations) of all training data."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in load(path).get("nlu", []):
            for line in str(block.get("examples", "")).splitlines():
                if line.strip().startswith("- "):
                    text = ANNOTATION.sub(r"\1", line.strip()[2:])
                    found.append((block["intent"], text))
    return tuple(found)


def plain(text: str) -> str:
    """A sentence as far as it must differ from others."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", folded)
    return " ".join(words) or folded.strip()


def paths(folder: str) -> Iterator[dict[str, Any]]:
    """Every rule and story in a folder of data."""
    for path in sorted((ROOT / "data" / folder).rglob("*.yml")):
        data = load(path)
        yield from (*data.get("rules", []), *data.get("stories", []))


def steps() -> Iterator[dict[str, Any]]:
    for folder in ("rules", "stories"):
        for one in paths(folder):
            yield from one["steps"]

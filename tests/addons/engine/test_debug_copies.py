"""What is copied for debug lines alone is not copied where nobody writes them."""

from __future__ import annotations

import ast
import copy
import inspect
import logging
from types import ModuleType

import pytest

from addons.engine import debug_copies


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules have their own `copy` again afterwards."""
    for module in debug_copies.MODULES:
        monkeypatch.setattr(module, "copy", copy)


def names(tree: ast.AST) -> int:
    return sum(isinstance(n, ast.Name) and n.id == "copy" for n in ast.walk(tree))


def is_debug_line(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "structlogger.debug"


@pytest.mark.parametrize("module", debug_copies.MODULES, ids=lambda one: one.__name__)
def test_these_modules_copy_for_debug_lines_alone(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    lines = [node for node in ast.walk(tree) if is_debug_line(node)]
    assert names(tree) == sum(names(line) for line in lines) > 0


@pytest.mark.parametrize(
    ("level", "copied"), [(logging.INFO, False), (logging.DEBUG, True)]
)
def test_they_copy_only_where_debug_lines_are_written(
    level: int, copied: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(level, logger="rasa")
    debug_copies.spare_copies()
    value = [1]
    for module in debug_copies.MODULES:
        assert (module.copy.deepcopy(value) is not value) is copied

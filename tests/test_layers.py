"""Each folder imports only what the table below allows, and loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.environment import ROOT, child_environment

FOLDERS = (
    *("wrist", "encoder", "actions", "addons", "studio"),
    *("webchat", "bridges", "tools", "tests"),
)
# Of our own folders each may import these.
MAY_IMPORT = {
    "wrist": set(),
    "encoder": set(),
    "actions": {"wrist"},
    "addons": {"wrist", "encoder"},
    "studio": {"wrist", "encoder"},
    "webchat": set(),
    "tools": set(FOLDERS) - {"tests"},
    "bridges": set(FOLDERS) - {"tests"},
}
NEVER_IMPORT = {
    "wrist": {"rasa", "rasa_sdk", "tensorflow"},
    "encoder": {"rasa", "rasa_sdk"},
    "actions": {"rasa", "spacy", "medspacy", "tensorflow"},
}
SPACY = {"spacy", "medspacy", "symspellpy"}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a module imports, `from a import b` as a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its layer"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_folder_imports_only_what_the_table_allows(folder: str) -> None:
    allowed = MAY_IMPORT[folder] | {folder}
    banned = NEVER_IMPORT.get(folder, set())
    for path in modules(folder):
        tops = {name.split(".")[0] for name in imports(path)}
        ours = (tops & set(FOLDERS)) - allowed
        assert not ours, f"{path.relative_to(ROOT)} imports {ours}"
        assert not tops & banned, f"{path.relative_to(ROOT)} imports {tops & banned}"


def reads_words(name: str) -> bool:
    """Whether a module of `wrist` reads the user's words; only those need spaCy."""
    return name == "wrist.lexicon" or f"{name}.".startswith("wrist.reading.")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_only_what_reads_words_needs_spacy() -> None:
    for path in modules("wrist"):
        names = set(imports(path))
        if not reads_words(module_name(path).removesuffix(".__init__")):
            assert not {name.split(".")[0] for name in names} & SPACY, path.name
            assert not [name for name in names if reads_words(name)], path.name


def test_actions_do_not_import_what_reads_words() -> None:
    for path in modules("actions"):
        assert not [name for name in imports(path) if reads_words(name)], path.name


def test_no_module_imports_itself_in_a_circle() -> None:
    """By module; a circle would need an import inside a function."""
    graph = {
        module_name(path): {
            name for name in imports(path) if name.startswith(f"{folder}.")
        }
        for folder in ("wrist", "actions")
        for path in modules(folder)
        if not _only_for_types(path)
    }
    seen: dict[str, bool] = {}

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " -> ".join([*above, module])
        if not seen.get(module):
            for needed in graph.get(module, set()) & set(graph):
                if needed != module:
                    visit(needed, (*above, module))
            seen[module] = True

    for module in graph:
        visit(module, ())


def _only_for_types(path: Path) -> bool:
    """Whether a module names others for the type checker only."""
    return "TYPE_CHECKING" in path.read_text(encoding="utf-8")


def test_the_action_server_loads_nothing_heavy() -> None:
    names = [f"actions.{path.stem}" for path in modules("actions")]
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "from wrist import library\n"
        "library.default()\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**child_environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    heavy = {"rasa", "spacy", "medspacy", "tensorflow", "onnxruntime", "sklearn"}
    assert not heavy & set(done.stdout.split())


def test_content_is_not_taken_for_training_data() -> None:
    """Any YAML under `data` with such a key is; content must lie elsewhere."""
    assert not list((ROOT / "data").rglob("*content*"))
    for path in (ROOT / "data").rglob("*.yml"):
        keys = {
            line.split(":")[0]
            for line in path.read_text(encoding="utf-8").splitlines()
            if line[:1].isalpha()
        }
        assert keys <= {"version", "nlu", "rules", "stories", "responses"}, path

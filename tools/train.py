"""`make train`: trains when no model fits the project as it stands."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from rich.progress import Progress, TimeElapsedColumn

import encoder
from tools import setup
from tools.environment import MODELS, ROOT, VAR, Problem, child_environment, console

# Rasa sees by itself that these changed, and trains what depends on them.
DATA = ("config.yml", "domain.yml", "domain", "data")
# `rasa train` refuses a project for its other files alone, and takes 6 s to do so.
EXAMPLES = "data/nlu"
# Behind Rasa's back: files that components read or import; then everything is trained.
CODE = ("addons", "encoder", "wrist", "requirements.txt")
KEEP = 5
RECORD, LOG = VAR / "trained.json", VAR / "train.log"


def train() -> Path:
    """The newest model, trained now if the project has changed since."""
    wanted = {
        "data": digest(DATA),
        "dialogue": digest(DATA, without=EXAMPLES),
        "code": f"{encoder.fingerprint()} {digest(CODE)}",
    }
    last = _last_training()
    if (model := _model_of(last)) and wanted == {key: last.get(key) for key in wanted}:
        return model
    if not (ROOT / "config.yml").is_file():
        raise Problem("There is no config.yml to train from: restore it from git.")
    learn_flags()
    force = model is not None and last.get("code") != wanted["code"]
    validated = not force and last.get("dialogue") == wanted["dialogue"]
    started = time.monotonic()
    _rasa_train(force=force, validated=validated, usual=last.get("seconds"))
    seconds = round(time.monotonic() - started)
    model = max(MODELS.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
    record = {**wanted, "model": model.name, "seconds": seconds}
    RECORD.write_text(json.dumps(record, indent=2))
    _forget_old(MODELS.glob("*.tar.gz"))
    console.print(f"Trained {model.name} in {seconds} s.")
    return model


def learn_flags() -> None:
    """Teaches the second detector before Rasa asks for it, with progress shown."""
    from addons.nlu import flag_model  # what it needs is installed by now

    if flag_model.is_ready():
        return
    with Progress(
        *Progress.get_default_columns(), TimeElapsedColumn(), console=console
    ) as shown:
        task = shown.add_task("Learning the red flags, once (minutes)", total=None)
        flag_model.prepare(
            lambda done, steps: shown.update(task, completed=done, total=steps)
        )
    # By their mark: FLAGS_CACHE may name a folder that holds other things too.
    marks = flag_model.folder().parent.glob(f"*/{flag_model.ABOUT}")
    _forget_old(mark.parent for mark in marks)


def digest(
    names: Iterable[str], root: Path | None = None, *, without: str | None = None
) -> str:
    """Changes with the content or the name of any file below these."""
    root = root or ROOT
    left_out = root / without if without else None
    found = hashlib.sha256()
    for name in names:
        top = root / name
        files = [top] if top.is_file() else sorted(top.rglob("*"))
        for file in files:
            if left_out in file.parents or "__pycache__" in file.parts:
                continue
            if file.is_file():
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                found.update(f"{file.relative_to(root)} {content}\n".encode())
    return found.hexdigest()


def _last_training() -> dict[str, str]:
    return json.loads(RECORD.read_text()) if RECORD.is_file() else {}


def _model_of(record: dict[str, str]) -> Path | None:
    model = MODELS / record.get("model", "none")
    return model if model.is_file() else None


def _rasa_train(*, force: bool, validated: bool, usual: str | None) -> None:
    """Run `rasa train` with its talk in a file, shown only if it fails."""
    hint = f"about {usual} s" if usual else "about half a minute"
    command = [sys.executable, "-m", "tools.rasa_command", "train"]
    if force:
        command.append("--force")
    if validated:
        command.append("--skip-validation")
    with LOG.open("w") as log, console.status(f"Training ({hint})"):
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=child_environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        lines = LOG.read_text(errors="replace").splitlines()
        console.print("\n".join(lines[-30:]), markup=False)
        raise Problem(f"Training failed; the whole log is {LOG.relative_to(ROOT)}.")


def _forget_old(kept: Iterable[Path]) -> None:
    """All but the newest go: models, or folders with a second detector."""
    for one in sorted(kept, key=lambda path: path.stat().st_mtime)[:-KEEP]:
        shutil.rmtree(one) if one.is_dir() else one.unlink()


def main() -> int:
    try:
        setup.set_up()
        model = train()
    except Problem as problem:
        console.print(f"[red]{problem}[/red]")
        return 1
    console.print(f"The model in use is {model.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

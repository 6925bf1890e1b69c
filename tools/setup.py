"""`make setup`: folders, secrets and the encoder; what is there already stays."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import encoder
from encoder.store import is_ready
from tools.environment import MODELS, RESULTS, ROOT, VAR, Problem, console

SECRETS = ("RASA_TOKEN", "SESSION_SECRET")


def set_up() -> None:
    """Everything that running and training need, besides the Python packages."""
    for folder in (VAR, MODELS, RESULTS):
        folder.mkdir(exist_ok=True)
    write_secrets(ROOT / ".env", ROOT / ".env.example")
    prepare_encoder()


def write_secrets(target: Path, example: Path) -> None:
    """Copy the example with its secrets filled in, readable by the owner only."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    text = example.read_text()
    for name in SECRETS:
        text = text.replace(f"\n{name}=\n", f"\n{name}={secrets.token_urlsafe(32)}\n")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    console.print(f"Wrote {target.name} with new secrets.")


def prepare_encoder() -> None:
    """Get, check and convert the encoder's weights, once."""
    if is_ready():
        return
    with console.status("Converting the sentence encoder (once, some 10 seconds)"):
        try:
            encoder.prepare()
        except encoder.EncoderError as error:
            raise Problem(str(error)) from error
    console.print("Converted the sentence encoder.")


def main() -> int:
    try:
        set_up()
    except Problem as problem:
        console.print(f"[red]{problem}[/red]")
        return 1
    console.print("Set-up is complete.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

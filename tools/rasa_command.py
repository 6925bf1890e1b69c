"""`rasa`, started faster: `python -m tools.rasa_command train`; `serve` is `run` with
the settings of `make run`.

Of the 15 s that `import rasa` takes, 5 s and 65 MB are saved without touching Rasa.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable

from tools.environment import VAR, Settings

# A message leaves a few thousand objects behind, nearly all freed without a collection.
COLLECT_AFTER = (20_000, 20, 20)


def import_rasa() -> Callable[[], None]:
    """The `main` of the rasa command."""
    # TensorFlow Lite looks for jax and does well without it.
    sys.modules["jax"] = None  # type: ignore[assignment]
    # Nothing that is imported is ever garbage; looking for some takes seconds now, and
    # later 0.3 s in the middle of somebody's reply.
    gc.disable()
    import sanic  # noqa: F401  turns all deprecation warnings on

    warnings.filterwarnings("ignore")
    import rasa.server  # noqa: F401
    from rasa.__main__ import main
    from rasa.engine.recipes import default_components  # noqa: F401

    gc.enable()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    return main


def serve_arguments() -> list[str]:
    """`rasa run` as `make run` starts it; the token stays off the command line."""
    settings = Settings.read()
    return [
        "run",
        "--enable-api",
        # Joined: a token may begin with a dash.
        f"--auth-token={os.environ['RASA_TOKEN']}",
        *("--interface", settings.host),
        *("--port", str(settings.port)),
        *("--endpoints", str(VAR / settings.endpoints)),
    ]


if __name__ == "__main__":
    command = sys.argv[1:]
    sys.argv = ["rasa", *(serve_arguments() if command == ["serve"] else command)]
    rasa_main = import_rasa()
    if command[:1] == ["train"]:
        from addons.engine import example_copies

        gc.disable()  # it ends soon, and what it makes of the examples is no garbage
        example_copies.copy_examples_fast()
    rasa_main()

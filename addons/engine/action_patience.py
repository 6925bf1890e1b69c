"""How long an action may take before the reply says that something failed.

Rasa waits five minutes. Meanwhile nothing else that the same person writes is read:
somebody with chest pain would wait behind a server that hangs.
"""

from rasa.core.actions import action

SECONDS = 4


def wait_less() -> None:
    """From now on no action of this process is waited for longer than SECONDS."""
    action.DEFAULT_REQUEST_TIMEOUT = SECONDS

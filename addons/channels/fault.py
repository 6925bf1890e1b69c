"""What a channel says by itself when no turn of the conversation can answer."""

import logging
from functools import cache
from typing import Any

from wrist import library
from wrist.render import Speech

logger = logging.getLogger(__name__)

# Only where the content itself cannot be read: no region is known then, so no number.
LAST_RESORT = (
    "Sorry, something went wrong on my side. Please try again. "
    "In an emergency, call your local emergency number."
)


def fault_message() -> dict[str, Any]:
    """Something went wrong; names the emergency number."""
    return dict(_phrase("fault"))


def too_long_message() -> dict[str, Any]:
    """The message is longer than the limit; names it and the emergency number."""
    return dict(_phrase("too_long"))


@cache
def _phrase(name: str) -> dict[str, Any]:
    try:
        return Speech(library.default()).phrase(name).message().to_json()
    except Exception:
        logger.exception("The phrase %s could not be made", name)
        return {"text": LAST_RESORT}

"""No copies for log lines that nobody writes.

Rasa copies events and states, whole, for its debug lines before it asks whether debug
lines are written at all.
"""

from __future__ import annotations

import copy
import logging
from types import ModuleType
from typing import Any

from rasa.core import processor
from rasa.core.policies import memoization, rule_policy

# They use `copy` for debug lines alone.
MODULES: tuple[ModuleType, ...] = (processor, memoization, rule_policy)


class Uncopied:
    """Stands for the module `copy`."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def spare_copies() -> None:
    """From now on they copy for debug lines only where those are written."""
    written = logging.getLogger("rasa").isEnabledFor(logging.DEBUG)
    for module in MODULES:
        module.copy = copy if written else Uncopied

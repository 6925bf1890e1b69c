"""The one clock: everything that needs the time of day asks here.

Tests move it with the variable `CLOCK_OFFSET_FILE`: a file that holds hours.
"""

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

OFFSET_VARIABLE = "CLOCK_OFFSET_FILE"


def now() -> datetime:
    """The time in UTC, moved by the hours in the offset file if one is named."""
    return datetime.now(timezone.utc) + timedelta(hours=_offset_hours())


def _offset_hours() -> float:
    named = os.environ.get(OFFSET_VARIABLE)
    if not named or not Path(named).is_file():
        return 0.0
    return float(Path(named).read_text(encoding="utf-8").strip() or 0)

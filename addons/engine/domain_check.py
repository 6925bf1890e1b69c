"""Whether a domain is empty, worked out once.

Rasa builds an empty domain and writes both out to compare them, for each message.
"""

from __future__ import annotations

from rasa.shared.core.domain import Domain

KNOWN = "_is_empty"  # on a domain

compare = Domain.is_empty


def compare_once() -> None:
    """From now on all domains of this process answer through `is_empty`."""
    Domain.is_empty = is_empty


def is_empty(domain: Domain) -> bool:
    known = domain.__dict__
    if KNOWN not in known:
        known[KNOWN] = compare(domain)
    return bool(known[KNOWN])

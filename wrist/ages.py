"""Bands of age, and the findings that they are."""

from wrist.models import Assertion

CHILD_BELOW, TEEN_BELOW, OLDER_FROM = 16, 18, 65
BANDS = frozenset({"child", "teen", "adult", "older"})


def bands(age: int) -> dict[str, Assertion]:
    """The findings that an age in years makes present, and those that it denies."""
    holds = {
        "child": age < CHILD_BELOW,
        "teen": CHILD_BELOW <= age < TEEN_BELOW,
        "adult": age >= TEEN_BELOW,
        "older": age >= OLDER_FROM,
    }
    return {
        band: Assertion.PRESENT if one else Assertion.ABSENT
        for band, one in holds.items()
    }

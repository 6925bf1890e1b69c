"""A domain is compared with an empty one only once, and with the same answer."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain

from addons.engine import domain_check


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method is replaced for one test; the class is as it was afterwards."""
    monkeypatch.setattr(Domain, "is_empty", domain_check.compare)
    domain_check.compare_once()


@pytest.mark.parametrize("text", ["", 'version: "3.1"\nintents: [greet]\n'])
def test_the_answer_is_that_of_rasa(text: str) -> None:
    domain = Domain.from_yaml(text)
    for _ in range(2):
        assert domain.is_empty() is domain_check.compare(domain)


def test_it_is_not_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    domain = Domain.from_yaml("intents: [greet]\n")
    assert not domain.is_empty()
    monkeypatch.setattr(Domain, "as_dict", lambda _: pytest.fail("compared again"))
    assert not domain.is_empty()

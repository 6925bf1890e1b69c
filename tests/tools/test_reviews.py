"""What was compared with its sources too long ago is named, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tools import reviews, rules
from wrist import clock, library

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def content() -> library.Library:
    return library.load()


def test_every_day_of_a_review_that_stands_in_a_file_is_watched(
    content: library.Library,
) -> None:
    written = [
        line
        for file in library.CONTENT.rglob("*.yml")
        if file.name != "screen.yml"  # one day for all questions, which none holds
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.lstrip("- ").startswith("reviewed_on:")
    ]
    found = reviews.reviews(content)
    assert len(found) == len(written)
    assert len({one.item for one in found}) == len(found)


def test_the_one_that_waits_for_longest_stands_first(content: library.Library) -> None:
    found = reviews.reviews(content)
    assert found == sorted(found, key=lambda one: one.last)


def test_an_item_is_due_on_its_day_and_not_before(content: library.Library) -> None:
    flag = next(iter(content.red_flags.values()))
    old = flag.copy(update={"reviewed_on": date(2020, 2, 29)})
    flags = {**content.red_flags, flag.id: old}
    changed = replace(content, red_flags=flags)
    day = date(2020, 2, 29) + reviews.EVERY
    assert reviews.due(changed, day - DAY) == []
    assert [one.item for one in reviews.due(changed, day)] == [f"red_flags: {flag.id}"]
    assert reviews.in_a_line(changed, day).startswith("1 of ")


def test_where_none_is_due_the_first_day_is_named(content: library.Library) -> None:
    first = reviews.reviews(content)[0]
    assert str(first.next) in reviews.in_a_line(content, first.last)


def test_the_command_lists_what_is_due_when_its_day_has_come(
    content: library.Library,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    last = reviews.reviews(content)[-1]
    later = clock.now() + (last.next - clock.now().date())
    monkeypatch.setattr(clock, "now", lambda: later)
    assert rules.main(["--due", "--markdown"]) == 0
    said = capsys.readouterr().out
    every = len(reviews.reviews(content))
    assert f"{every} of {every} items are due" in said
    assert f"| {last.item} | {last.last} | {last.next} |" in said

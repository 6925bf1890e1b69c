"""A message says the same in panels and in plain lines, and never by colour alone."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from rich.text import Text

from tools.chat_view import (
    PlainView,
    RichView,
    beside_card,
    choices,
    chosen,
    clean,
    in_lines,
)
from wrist import library
from wrist.models import Disposition

CARD = {
    "text": "Go to A&E now\nKeep it still.\nThis is because you fell.\nAny numbness?",
    "buttons": [{"title": "Yes", "payload": "yes"}, {"title": "No", "payload": "no"}],
    "custom": {
        "type": "care_card",
        "level": "emergency_department",
        "heading": "Go to A&E now",
        "points": ["Keep it still.", "Take off rings."],
    },
}
STEP = {
    "text": "Stop at once for pain.\nStep 2 of 9. Stroke to the elbow.",
    "custom": {
        "type": "massage_step",
        "step": 2,
        "of": 9,
        "seconds": 40,
        "pressure": "2 out of 10",
        "alt": "A hand on a forearm.",
        "image": None,
    },
}
Show = Callable[..., str]


def buttons(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "payload": f"<{title}>"} for title in titles]


@pytest.fixture(params=[PlainView, RichView])
def show(request: pytest.FixtureRequest) -> Show:
    def shown(message: dict[str, Any], **options: Any) -> str:
        settings = {"force_terminal": True, "width": 80, "highlight": False, **options}
        console = Console(file=StringIO(), **settings)
        view = request.param(console, library.default())
        view.show([message], choices([message]))
        return str(console.file.getvalue())  # type: ignore[attr-defined]

    return shown


def test_a_care_card_names_its_level_and_every_point_without_colour(show: Show) -> None:
    shown = show(CARD, no_color=True)
    names = library.default().levels.names
    assert names[Disposition.EMERGENCY_DEPARTMENT] in shown
    for said in ("Go to A&E now", "Keep it still.", "Take off rings.", "you fell"):
        assert shown.count(said) == 1, said
    assert "\x1b[3" not in shown.replace("\x1b[3m", "")


def test_every_level_has_a_name(show: Show) -> None:
    for level, name in library.default().levels.names.items():
        assert name in show(
            {**CARD, "custom": {**CARD["custom"], "level": level.value}}
        )


def test_a_step_shows_its_place_its_time_and_its_picture_in_words(show: Show) -> None:
    shown = show(STEP, no_color=True)
    assert "tep 2 of 9" in shown
    assert "about 40 seconds" in shown
    assert "2 out of 10" in shown
    assert "A hand on a forearm." in shown
    assert shown.index("Stop at once") < shown.index("Stroke to the elbow.")


def test_a_text_is_inert(show: Show) -> None:
    shown = show({"text": "[red]x[/red] \x1b[2J\x07 <b>"}, no_color=True)
    assert "[red]x[/red]" in shown
    assert "\x1b[2J" not in shown
    assert "\x07" not in shown


def test_plain_lines_have_no_frames_and_no_codes() -> None:
    console = Console(file=StringIO(), no_color=True, soft_wrap=True)
    PlainView(console, library.default()).show([CARD, STEP], choices([CARD]))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b" not in shown
    assert not set("│╭╰─•") & set(shown)
    assert "1 for Yes" in shown


def test_trouble_names_the_emergency_number(show: Show) -> None:
    console = Console(file=StringIO(), width=200)
    PlainView(console, library.default()).trouble("It failed.")
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert library.default().region.words["call_emergency"] in shown
    assert shown.count("\n") == 1


def test_choices_are_numbered_over_the_whole_reply() -> None:
    reply = [{"text": "x", "buttons": buttons("A")}, {"buttons": buttons("B")}]
    assert {key: one["title"] for key, one in choices(reply).items()} == {
        "1": "A",
        "2": "B",
    }


def test_where_a_number_is_an_answer_choices_get_letters() -> None:
    asked = {"text": "How old are you?", "buttons": buttons("Under 16", "16 or 17")}
    assert list(choices([asked])) == ["a", "b"]


def test_a_pain_score_is_never_taken_for_a_choice() -> None:
    question = library.default().questions["pain_now"]
    titles = [*question.buttons, "Start guided wrist massage"]
    offered = choices([{"text": question.ask, "buttons": buttons(*titles)}])
    assert chosen("1", offered) == {"title": "1", "payload": "<1>"}
    assert chosen("a", offered)["title"] == titles[-1]  # type: ignore[index]


@pytest.mark.parametrize("typed", ["2", " 2 ", "2.", "2)", "b", "B"])
def test_a_choice_is_picked_by_number_or_title(typed: str) -> None:
    offered = choices([{"text": "x", "buttons": buttons("A", "B")}])
    assert chosen(typed, offered) == {"title": "B", "payload": "<B>"}


@pytest.mark.parametrize("typed", ["", "3", "2 days", "my wrist hurts"])
def test_anything_else_is_a_message(typed: str) -> None:
    assert chosen(typed, choices([{"text": "x", "buttons": buttons("A", "B")}])) is None


def test_a_card_leaves_what_it_does_not_show() -> None:
    said = beside_card("Go now\nRest. Raise it.\nWhy?", "Go now", ["Rest."])
    assert said == "Raise it.\nWhy?"


def test_a_heading_that_begins_a_point_cuts_nothing_in_two() -> None:
    points = ["Call now, or go there.", "Keep still."]
    text = "Call now, or go there.\nKeep still.\nCall now please."
    assert beside_card(text, "Call now", points) == "Call now please."


def test_a_choice_is_not_broken_over_two_lines() -> None:
    labels = [Text("1 Yes  "), Text("2 A long one  "), Text("3 No  ")]
    assert in_lines(labels, 14).plain == "1 Yes  \n2 A long one  \n3 No  "


def test_clean_keeps_lines_and_other_scripts() -> None:
    assert clean("a\nहिन्दी 👍\x1b[1m\r") == "a\nहिन्दी 👍[1m"

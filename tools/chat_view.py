"""How the assistant's messages look in a terminal: panels, or plain lines that a screen
reader reads in order. Colour never says anything that words do not say.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from wrist.library import Library
from wrist.models import Disposition

WIDTH = 78
NAME = "Wristwise"
# A number that is typed answers such a question; its choices get letters instead.
ASKS_NUMBER = re.compile(r"\b0\b.*\b10\b|how old|how many|how long|since when", re.I)
COLOURS = {
    Disposition.EMERGENCY_AMBULANCE: "bold red",
    Disposition.CRISIS: "bold magenta",
    Disposition.SAFEGUARDING: "bold magenta",
    Disposition.EMERGENCY_DEPARTMENT: "red",
    Disposition.SAME_DAY: "yellow",
    Disposition.GP_SOON: "blue",
    Disposition.SELF_CARE: "green",
}
Message = Mapping[str, Any]
Choices = dict[str, Mapping[str, str]]


def choices(messages: Iterable[Message]) -> Choices:
    """The buttons of a reply by what is typed for each: a number, or a letter."""
    whole = list(messages)
    buttons = [button for message in whole for button in message.get("buttons") or ()]
    numbers_meant = any(ASKS_NUMBER.search(one.get("text", "")) for one in whole)
    keys = iter(string.ascii_lowercase) if numbers_meant else map(str, range(1, 100))
    found: Choices = {}
    for button in buttons:
        title = button["title"]
        found[title if title.isdecimal() else next(keys)] = button
    return found


def chosen(typed: str, offered: Choices) -> Mapping[str, str] | None:
    """The button that was picked by its number, its letter or its title."""
    plain = typed.strip().rstrip(".)").casefold()
    by_title = {one["title"].casefold(): one for one in offered.values()}
    return offered.get(plain) or by_title.get(plain)


def clean(text: str) -> str:
    """Without characters that would steer the terminal."""
    return "".join(c for c in text if c == "\n" or c.isprintable())


def beside_card(text: str, heading: str, points: Iterable[str] = ()) -> str:
    """What a message says besides the heading and sentences that its card shows."""
    for point in sorted(points, key=len, reverse=True):
        text = text.replace(point, "", 1)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and line != heading)


def in_lines(labels: Iterable[Text], width: int) -> Text:
    """Labels side by side, none of them broken over two lines."""
    lines = [Text()]
    for label in labels:
        if lines[-1] and lines[-1].cell_len + label.cell_len > width:
            lines.append(Text())
        lines[-1].append_text(label)
    return Text("\n").join(lines)


class PlainView:
    """Lines in the order in which they should be read aloud."""

    def __init__(self, console: Console, library: Library) -> None:
        self.console, self.library = console, library

    def note(self, text: str) -> None:
        """Something that this program says, not the assistant."""
        self.console.print(clean(text), markup=False, soft_wrap=True)

    def trouble(self, text: str) -> None:
        """What went wrong, in one line, with the emergency number."""
        emergency = self.library.region.words["call_emergency"]
        self.note(f"{text} In an emergency: {emergency}.")

    def waiting(self, text: str = "") -> AbstractContextManager[object]:
        """Shows that something is under way."""
        if text:
            self.note(text)
        return nullcontext()

    def read(self) -> str:
        """The next message that is typed; raises EOFError when there is none."""
        typed = input("You: ")
        if not sys.stdin.isatty():
            self.note(typed)  # no terminal has shown it
        return typed

    def show(self, messages: Iterable[Message], offered: Choices) -> None:
        """A whole reply and its choices."""
        for message in messages:
            self.message(message)
        self.offer(offered)

    def message(self, message: Message) -> None:
        custom = message.get("custom") or {}
        text = message.get("text", "")
        if custom.get("type") == "care_card":
            self.note(f"Advice: {self.level(custom)}.")
            extra = [p for p in custom.get("points") or () if p not in text]
            text = "\n".join([text, *(f"- {point}" for point in extra)])
        self.note(f"{NAME}: {text}")
        self.extras(message)

    def extras(self, message: Message) -> None:
        """Time, pressure and picture of a step, in words."""
        for line in extras(message):
            self.note(line)

    def offer(self, offered: Choices) -> None:
        if not offered:
            return
        numbers = [key for key, one in offered.items() if key == one["title"]]
        self.note(f"Choices: {', '.join(numbers)}".strip())
        for key, button in offered.items():
            if key not in numbers:
                self.note(f"{key} for {button['title']}")

    def level(self, custom: Mapping[str, Any]) -> str:
        """The level of a card in words."""
        level = str(custom.get("level", ""))
        names = {one.value: name for one, name in self.library.levels.names.items()}
        return names.get(level, level.replace("_", " "))


def extras(message: Message) -> list[str]:
    """What stands in a card or picture but not in the text."""
    custom = message.get("custom") or {}
    lines = []
    if custom.get("type") == "massage_step":
        if custom.get("seconds"):
            lines.append(f"Time: about {custom['seconds']} seconds")
        if custom.get("pressure"):
            lines.append(f"Pressure: {custom['pressure']}")
        if custom.get("alt"):
            lines.append(f"What it looks like: {custom['alt']}")
    image = message.get("image") or custom.get("image")
    return [*lines, f"Picture: {image}"] if image else lines


class RichView(PlainView):
    """Panels with the level or the step in their frame."""

    def waiting(self, text: str = "") -> AbstractContextManager[object]:
        return self.console.status(text or "...")

    def read(self) -> str:
        self.console.print()
        return super().read()

    def trouble(self, text: str) -> None:
        emergency = self.library.region.words["call_emergency"]
        line = Text(clean(f"{text} In an emergency: {emergency}."), style="red")
        self.console.print(line)

    def message(self, message: Message) -> None:
        custom = message.get("custom") or {}
        kind = custom.get("type")
        self.console.print()
        if kind == "care_card":
            self._care_card(message, custom)
        elif kind == "massage_step":
            self._massage_step(message, custom)
        elif kind == "summary":
            self._panel(Text(clean(message.get("text", ""))), "Summary", "cyan")
        else:
            self._text(message.get("text", ""))
            self.extras(message)

    def offer(self, offered: Choices) -> None:
        if not offered:
            return
        self.console.print()
        self.console.print(in_lines(_labels(offered), self._width))

    @property
    def _width(self) -> int:
        return min(WIDTH, self.console.width)

    def _text(self, text: str) -> None:
        if text:
            self.console.print(Text(clean(text)), width=self._width)

    def _panel(
        self, body: RenderableType, title: str, style: str, foot: str | None = None
    ) -> None:
        panel = Panel(
            body,
            title=Text(clean(title), style=style),
            title_align="left",
            subtitle=Text(clean(foot), style=style) if foot else None,
            subtitle_align="right",
            border_style=style,
            width=self._width,
            padding=(0, 1),
        )
        self.console.print(panel)

    def _care_card(self, message: Message, custom: Mapping[str, Any]) -> None:
        heading, points = custom.get("heading", ""), custom.get("points") or []
        levels = {one.value: colour for one, colour in COLOURS.items()}
        repeated = bool(points) and points[0].startswith(heading)
        lines = [] if repeated else [Text(clean(heading), style="bold")]
        lines += [Text(f"• {clean(point)}") for point in points]
        title = f"Advice: {self.level(custom)}"
        self._panel(Group(*lines), title, levels.get(custom.get("level", ""), "none"))
        self._text(beside_card(message.get("text", ""), heading, points))

    def _massage_step(self, message: Message, custom: Mapping[str, Any]) -> None:
        place = f"Step {custom.get('step')} of {custom.get('of')}"
        seconds = custom.get("seconds")
        foot = f"about {seconds} seconds" if seconds else None
        aside = [line for line in extras(message) if not line.startswith("Time:")]
        said = message.get("text", "").replace(f"{place}. ", "", 1)
        body = Group(Text(clean(said)), Text(clean("\n".join(aside)), style="dim"))
        self._panel(body, f"Massage: {place.lower()}", "cyan", foot)


def _labels(offered: Choices) -> Iterator[Text]:
    for key, button in offered.items():
        title = clean(button["title"])
        told = "  " if key == title else f" {title}   "
        yield Text.assemble((f" {key} ", "reverse"), told)

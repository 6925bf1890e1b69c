"""`make rules`: everything that the assistant goes by, to be read by a clinician.

What has no source, or nobody has signed off, stands first in each table. With
`--since REV`: what differs from the rule set of a git revision. With `--due`: what was
compared with its sources too long ago.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tools import reviews, rule_diff
from tools.environment import Problem, child_environment
from tools.rule_set import Grid, sections, unsourced
from wrist import clock, library

WIDTH_WITHOUT_TERMINAL = 160
HEAD = ("item", "level", "when", "what is said, with its sources", "checked")
REVIEW_HEAD = ("item", "last compared", "to be compared by")
LEGEND = """\
Numbers and services are those of the region; [tags]: see wrist/content/sources.yml.
"named outright": wording in wrist/content/lexicon that names the whole item at once.
Variants of a red flag are tried before it, in their order; the first that fits is used.
"""
LIMITS = {"item": 18, "level": 14, "checked": 22, "sentences": 14, "gaps": 16}


def grids(content: library.Library, *, only_unsourced: bool) -> list[Grid]:
    """What is printed: the whole rule set, or what was not checked at a source."""
    if only_unsourced:
        found = unsourced(content)
        title = f"Not checked at a source: {len(found)} texts"
        return [(title, ("item", "what is said"), [*found])]
    return [
        (section.counts, HEAD, [row.cells for row in section.rows])
        for section in sections(content)
    ]


def as_table(grid: Grid) -> Table:
    """For the terminal."""
    title, head, body = grid
    table = Table(title=title, title_justify="left", show_lines=True, expand=True)
    for column in head:
        table.add_column(column, max_width=LIMITS.get(column), overflow="fold")
    for cells in body:
        table.add_row(*(Text(cell) for cell in cells))
    return table


def as_markdown(grid: Grid) -> str:
    """For a file."""
    title, head, body = grid
    lines = [f"## {title}", "", _markdown_row(head), _markdown_row(["---"] * len(head))]
    return "\n".join([*lines, *map(_markdown_row, body), ""])


def _markdown_row(cells: Iterable[str]) -> str:
    safe = (cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells)
    return f"| {' | '.join(safe)} |"


def show(title: str, printed: Iterable[Grid], *, markdown: bool) -> None:
    """Prints a page of tables, for a file or for the terminal."""
    if markdown:
        print(f"# {title}")
        print("\n".join(map(as_markdown, printed)))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    console.print(title, markup=False)
    for grid in printed:
        console.print(as_table(grid))


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.rules", description="What the assistant goes by."
    )
    parser.add_argument("--markdown", action="store_true", help="for a file")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--unsourced", action="store_true", help="only what was not checked at a source"
    )
    which.add_argument(
        "--due", action="store_true", help="only what was reviewed too long ago"
    )
    which.add_argument(
        "--since", metavar="REV", help="only what differs from a git revision"
    )
    return parser.parse_args(given)


def page(options: argparse.Namespace) -> tuple[str, list[Grid]]:
    """Title and tables; raises ContentError or Problem where there are none."""
    region = child_environment().get(library.REGION_VARIABLE)
    content = library.load(region=region)
    place, today = content.region.name, clock.now().date()
    if options.since:
        old = rule_diff.content_of(options.since, region)
        title = f"What changed since {options.since} ({place})\n"
        return title, rule_diff.grids(old, content, rule_diff.vignettes())
    if options.due:
        late = reviews.due(content, today)
        rows = [(one.item, f"{one.last}", f"{one.next}") for one in late]
        title = f"Due for review ({place})\n"
        return title, [(reviews.in_a_line(content, today), REVIEW_HEAD, rows)]
    legend = f"{LEGEND}{reviews.in_a_line(content, today)}.\n"
    title = f"What Wristwise goes by ({place})\n\n{legend}"
    return title, grids(content, only_unsourced=options.unsourced)


def main(given: list[str] | None = None) -> int:
    options = arguments(given)
    try:
        title, printed = page(options)
    except (library.ContentError, Problem) as error:
        print(error, file=sys.stderr)
        return 1
    show(title, printed, markdown=options.markdown)
    if not options.markdown and not options.since:
        print("Also: --markdown for a file, --unsourced for what has no source,")
        print("--due for what is to be reviewed, --since REV for what changed since a")
        print("git revision.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

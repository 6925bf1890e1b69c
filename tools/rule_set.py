"""The rule set in words: rows for a clinician, whatever they are printed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from wrist import crosscheck, render
from wrist.library import Library
from wrist.models import Disposition, Reviewed, Sentence, Status, When

UNSOURCED = "unsourced"
STATUS = {
    Status.KEPT: "kept from the articles",
    Status.HEDGED: "kept, made more careful",
    Status.CORRECTED: "corrected",
    Status.DECLINED: "declined",
    Status.ADDED: "added to the articles",
}

Term = tuple[str, ...]  # findings of which any will do
Terms = tuple[Term, ...]  # of which all must hold
Grid = tuple[str, tuple[str, ...], list[tuple[str, ...]]]  # title, head, body


class Row(NamedTuple):
    """One item of the content: a line of a table."""

    item: str
    level: str
    when: str
    said: tuple[str, ...]
    checked: str
    unsourced: bool = False
    signed_off: bool = False
    is_variant: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.item, self.level, self.when, "\n".join(self.said), self.checked)


class Section(NamedTuple):
    """All items of a kind."""

    title: str
    rows: Sequence[Row]

    @property
    def counts(self) -> str:
        whole = [row for row in self.rows if not row.is_variant]
        unchecked = sum(row.unsourced for row in whole)
        signed = sum(row.signed_off for row in whole)
        return (
            f"{self.title}: {len(whole)}, of them {signed} signed off, "
            f"{unchecked} with something that was not checked at a source"
        )


def merged(rows: Iterable[Iterable[str]]) -> list[Terms]:
    """Alternatives that differ in one finding as one: (a and b) or (a and c)."""
    found: list[Terms] = [tuple((one,) for one in sorted(row)) for row in rows]
    while pair := next(_mergeable(found), None):
        first, second, both = pair
        found[first] = both
        del found[second]
    return found


def _mergeable(rows: list[Terms]) -> Iterator[tuple[int, int, Terms]]:
    for first, second in combinations(range(len(rows)), 2):
        if both := _merge(rows[first], rows[second]):
            yield first, second, both


def _merge(one: Terms, other: Terms) -> Terms | None:
    if len(one) != len(other):
        return None
    mine = [term for term in one if term not in other]
    theirs = [term for term in other if term not in one]
    if len(mine) != 1 or len(theirs) != 1:
        return None
    both = tuple(dict.fromkeys(mine[0] + theirs[0]))
    return tuple(both if term == mine[0] else term for term in one)


class Wording:
    """Rules and sentences in words, for one library."""

    def __init__(self, content: Library) -> None:
        self.content = content

    def term(self, term: Iterable[str]) -> str:
        """Findings of which any will do, in words."""
        words = dict.fromkeys(word for one in term for word in self.finding(one))
        return " or ".join(words)

    def row_of_terms(self, terms: Terms) -> str:
        """Terms of which all must hold, in words."""
        if len(terms) == 1:
            return self.term(terms[0])
        words = map(self.term, terms)
        return " and ".join(f"({one})" if " or " in one else one for one in words)

    def finding(self, finding: str) -> list[str]:
        """A finding in words; one that others only imply stands for those."""
        if finding in self.content.red_flags or finding.startswith("ci_"):
            return ["named outright"]
        if finding == "during_massage":
            return ["felt during a massage"]
        if finding.startswith("any_"):
            implied = self.content.triage.implies.items()
            names = [name for name, brings in implied if finding in brings]
            return [word for name in names for word in self.finding(name)]
        return [self.content.finding_label(finding)]

    def when(self, when: When) -> str:
        """A rule in words, one alternative on each line."""
        rows = [self.row_of_terms(terms) for terms in merged(when.any_of)]
        if when.at_least:
            counted = ", ".join(
                word for one in sorted(when.of) for word in self.finding(one)
            )
            rows.append(f"at least {when.at_least} of: {counted}")
        if when.function:
            rows.append(when.function.replace("_", " "))
        text = "\nor ".join(rows)
        if when.unless:
            text += f"\nunless {self.term(sorted(when.unless))}"
        return text

    def sentence(self, sentence: Sentence | None, lead: str = "") -> Iterator[str]:
        """A sentence with its sources behind it, if there is one."""
        if sentence is not None:
            yield f"{lead}{self.fill(sentence.say)} [{', '.join(sentence.sources)}]"

    def sentences(self, sentences: Iterable[Sentence]) -> Iterator[str]:
        for one in sentences:
            yield from self.sentence(one)

    def heading(self, level: Disposition, own: str | None) -> str:
        """The heading of a care card: its own, or that of its level."""
        return f"{self.fill(own or self.content.levels.headings[level])}:"

    def fill(self, text: str) -> str:
        """With the numbers and services of the region."""
        return render.fill(text, self.content)

    def row(self, item: Reviewed, level: str, when: str, said: Iterable[str]) -> Row:
        who = item.signed_off_by
        checked = f"{STATUS[item.status]}; reviewed {item.reviewed_on}; "
        checked += f"signed off by {who}" if who else "NOT SIGNED OFF"
        lines = tuple(said)
        return Row(
            item=item.id,
            level=level.replace("_", " "),
            when=when,
            said=lines,
            checked=checked,
            unsourced=any(UNSOURCED in line.rpartition("[")[2] for line in lines),
            signed_off=who is not None,
        )


def sections(content: Library) -> list[Section]:
    """The whole rule set, in the order in which it should be read."""
    words = Wording(content)
    found = {
        "Red flags": list(_red_flags(words)),
        "Reasons against massage, heat, cold, oils or a medicine": [
            words.row(
                item,
                f"{item.decision.value}: {', '.join(item.applies_to)}",
                f"{words.fill(item.who)}:\n{words.when(item.when)}",
                words.sentences(item.say),
            )
            for item in content.contraindications.values()
        ],
        "Signs that stop a massage": [
            words.row(sign, "stop", words.when(sign.when), words.sentences(sign.say))
            for sign in content.stop_signs.values()
        ],
        "Patterns where self-care is fine": [
            words.row(one, "self_care", words.when(one.when), words.sentences(one.say))
            for one in content.self_care_patterns.values()
        ],
        "Claims of the two articles that are never repeated": [
            words.row(
                item,
                f"{item.severity.value} risk",
                f"{item.claim} [{', '.join(item.seed)}]",
                words.sentences((*item.why, *item.instead)),
            )
            for item in content.corrections.values()
        ],
    }
    return [Section(title, sorted(rows, key=_first)) for title, rows in found.items()]


def _first(row: Row) -> tuple[bool, bool]:
    """What was not checked comes before what was."""
    return not row.unsourced, row.signed_off


def _red_flags(words: Wording) -> Iterator[Row]:
    """Each flag, and below it its variants, which are tried before it."""
    for flag in words.content.red_flags.values():
        said = [words.heading(flag.level, flag.heading)]
        said += words.sentences(flag.points)
        said += words.sentence(flag.if_doubted, "If doubted: ")
        said += words.sentence(flag.adds, "Beside another flag: ")
        questions = {"If unclear": flag.unclear_question, "Then asks": flag.also_ask}
        said += [f"{k}: {words.fill(text)}" for k, text in questions.items() if text]
        when = f"{flag.reason}:\n{words.when(flag.when)}"
        rows = [words.row(flag, flag.level.value, when, said)]
        for number, variant in enumerate(flag.variants, 1):
            own = [words.heading(variant.level, variant.heading or flag.heading)]
            own += (
                words.sentences(variant.points) if variant.points else ["and as above"]
            )
            reason = f"{variant.reason}:\n" if variant.reason else ""
            when = reason + words.when(variant.when)
            row = words.row(flag, variant.level.value, when, own)
            name = f"{flag.id}, variant {number} of {len(flag.variants)}"
            rows.append(row._replace(item=name, is_variant=True))
        unchecked = any(row.unsourced for row in rows)
        yield from (row._replace(unsourced=unchecked) for row in rows)


def unsourced(content: Library) -> list[tuple[str, str]]:
    """Every text that was not checked at a source, with its item; each pair once."""
    found = [
        (item, sentence.say)
        for item, sentence in crosscheck.sentences(content)
        if UNSOURCED in sentence.sources
    ]
    region = content.region
    found += [
        (f"region {region.id}: {word}", text)
        for word, text in region.words.items()
        if UNSOURCED in region.sources.get(word, ())
    ]
    for language in content.languages.values():
        if UNSOURCED in language.card.sources:
            lines = (language.card.heading, *language.card.points, language.massage_no)
            found += [(f"card in {language.name}", line) for line in lines]
    if UNSOURCED in content.multi_card.sources:
        lines = tuple(line.text for line in content.multi_card.lines)
        found += [("card for other languages", line) for line in lines]
    return list(dict.fromkeys(found))

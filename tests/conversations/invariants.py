"""What holds after every turn of every conversation (I1 to I10 of conversations.yml).

faults(turn, content) -> what is broken, in words, each with the number of the invariant
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from tests.conversations.play import Turn
from tools.environment import ROOT
from wrist import crosscheck, dialogue, hearing, library, screen
from wrist.case import Case
from wrist.findings import Entity, Finding, Reading, own
from wrist.library import Library
from wrist.models import SEED_LINE, Assertion, Disposition
from wrist.render import MAX_WORDS, count_words, fill

DIAGNOSIS = re.compile(
    r"\byou(?: have|'ve got|r wrist is) (?:a |an |broken |got )*(?:rsi|broken|fractured"
    r"|fracture|tendonitis|arthritis|carpal tunnel|raynaud|gout|scaphoid"
    r"|sprain(?:ed)?\b)",
    re.I,
)
MOST_URGENT = ("emergency_ambulance", "crisis", "emergency_department")
DOSE = re.compile(r"\b\d+ ?(?:mg|mcg|ml|milligrams?|tablets?|pills?|drops?)\b", re.I)
LONG_NUMBER = re.compile(r"\d[\d ]{1,}\d")
YEAR = re.compile(r"(?:19|20)\d\d")
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
QUESTION_AGAIN_ALLOWED = frozenset({"pain_now", "worse_after", "stop_check", "today"})
DERIVED = frozenset({"injury", "recent_injury", "conditions", "long_duration"})


def faults(turn: Turn, content: Library) -> list[str]:
    """Everything in this turn that breaks an invariant."""
    before, after = Case.from_slots(turn.before), Case.from_slots(turn.after)
    return [
        *_massage_only_when_clear(turn, after),
        *_never_lowered(before, after),
        *_action_first(turn, after),
        *_every_sentence_sourced(turn, content),
        *_no_false_claim(turn, content),
        *_no_diagnosis_or_dose(turn, content),
        *_where_and_how_fast(turn, before, after),
        *_nothing_asked_again(turn, before, content),
        *_others_stay_others(turn, before, after),
        *_words_are_inert(turn),
        *_same_for_every_intent(turn, before, content),
        *_short_enough(turn),
    ]


def _massage_only_when_clear(turn: Turn, after: Case) -> Iterator[str]:
    if not turn.steps and not after.in_session:
        return
    clear = after.disposition is Disposition.SELF_CARE or (
        after.disposition is Disposition.GP_SOON and after.has("cleared_by_clinician")
    )
    if not (after.screen_complete and clear and not after.asked_flag):
        done = after.screen_complete
        yield f"I1 massage while {after.disposition.value}, check complete: {done}"
    if len(turn.steps) > 1:
        yield "I1 more than one step in a message"
    for card in turn.steps:
        if card["step"] != after.step or card["technique"] != after.technique:
            yield f"I1 the card is at {card['step']}, the slot at {after.step}"


def _never_lowered(before: Case, after: Case) -> Iterator[str]:
    rechecked = before.rechecking and after.screen_complete
    erased = before.disposition is not after.disposition and after == Case(
        erase=after.erase
    )
    if not (after.disposition.at_least(before.disposition) or rechecked or erased):
        if after.disposition is Disposition.UNASSESSED:
            return
        yield f"I2 {before.disposition.value} became {after.disposition.value}"


def _action_first(turn: Turn, after: Case) -> Iterator[str]:
    if len(turn.questions) > 1:
        yield f"I3 {len(turn.questions)} questions: {turn.questions}"
    urgent = [
        message
        for message in turn.messages
        if (message.get("custom") or {}).get("level") in MOST_URGENT
    ]
    for message in urgent:
        lines = message["text"].split("\n")
        custom = message["custom"]
        asked = [number for number, line in enumerate(lines) if line.endswith("?")]
        if custom.get("question") and asked and asked[-1] != len(lines) - 1:
            yield "I3 the question does not come last"
        if lines[0].endswith("?"):
            yield f"I3 an emergency reply begins with a question: {lines[0]!r}"


def _every_sentence_sourced(turn: Turn, content: Library) -> Iterator[str]:
    for one in turn.statements:
        if not one["sources"]:
            yield f"I4 no source: {one['say']!r}"
        for source in one["sources"]:
            if source not in content.sources and not SEED_LINE.match(source):
                yield f"I4 no such source {source!r}"
    for message in turn.messages:
        left = without_statements(message, content)
        if re.search(r"\w", left):
            yield f"I4 neither sourced nor about the talk: {left.strip()!r}"


def without_statements(message: dict[str, Any], content: Library) -> str:
    """What is left of a message without its sourced sentences and small talk."""
    custom = message.get("custom") or {}
    text = message["text"]
    for one in sorted(custom.get("statements", ()), key=lambda one: -len(one["say"])):
        text = text.replace(one["say"], " ")
    for points in ([custom.get("heading", "")], custom.get("points", ())):
        for point in points if custom.get("sources") else ():
            text = text.replace(point, " ") if point else text
    if custom.get("sources"):  # the name of the level, whose advice is sourced
        for heading in content.levels.headings.values():
            text = text.replace(fill(heading, content), " ")
    if {"multi_card"} & set(custom.get("items", ())):
        for line in (
            content.multi_card.heading,
            *(x.text for x in content.multi_card.lines),
        ):
            text = text.replace(fill(line, content), " ")
    for pattern in small_talk(content):
        text = pattern.sub(" ", text)
    return text


@cache
def _patterns(region: str) -> tuple[re.Pattern[str], ...]:
    content = library.load(region=region)
    texts = [phrase.text for phrase in content.phrases.values()]
    for question in content.questions.values():
        texts += [question.ask, question.again or "", *question.parts.values()]
    texts += [flag.unclear_question or "" for flag in content.red_flags.values()]
    texts += [content.levels.default_unclear_question]
    texts += [
        sentence.say
        for _, sentence in crosscheck.sentences(content)
        if set(sentence.sources) == {"service"}
    ]
    texts = sorted({text for text in texts if text}, key=len, reverse=True)
    return tuple(_as_pattern(text, content) for text in texts)


def small_talk(content: Library) -> tuple[re.Pattern[str], ...]:
    """Patterns of all phrases and questions; what is filled in may be anything."""
    return _patterns(content.region.id)


def _as_pattern(text: str, content: Library) -> re.Pattern[str]:
    parts = []
    for part in re.split(r"({\w+})", text.strip()):
        name = part.strip("{}")
        if part.startswith("{") and name not in content.region.words:
            parts.append(r"[^\n]*?")
        else:
            parts.append(
                re.escape(fill(part, content) if part.startswith("{") else part)
            )
    return re.compile("".join(parts))


def _no_false_claim(turn: Turn, content: Library) -> Iterator[str]:
    yield from (
        f"I4 {fault}" for fault in false_claims(turn.reply, turn.statements, content)
    )


def false_claims(
    text: str, statements: list[dict[str, Any]], content: Library
) -> list[str]:
    """Claims of the do-not-repeat list in `text`, but for quotations of the article."""
    claims = {fill(item.claim, content) for item in content.corrections.values()}
    for one in statements:
        if one["say"] in claims:
            text = text.replace(one["say"], " ")
    return [
        f"{item.ref} {pattern!r} matches {match[0]!r}"
        for item in content.corrections.values()
        for pattern in item.never_say
        if (match := re.search(pattern, text, re.I))
    ]


def _no_diagnosis_or_dose(turn: Turn, content: Library) -> Iterator[str]:
    for pattern in (DIAGNOSIS, DOSE):
        for match in pattern.finditer(turn.reply):
            yield f"I5 {match[0]!r}"
    yield from (
        f"I5 a number of nobody's: {one!r}"
        for one in unknown_numbers(turn.reply, content)
    )


def unknown_numbers(text: str, content: Library) -> list[str]:
    """Numbers of three digits and more that no region word, date or limit holds."""
    known = " ".join(content.region.words.values()) + " 8,000"
    without = DATE.sub(" ", re.sub(r"\b[AB]:\d+", " ", text))
    return [
        match[0]
        for match in LONG_NUMBER.finditer(without)
        if len(match[0].replace(" ", "")) > 2
        and match[0].strip() not in known
        and not YEAR.fullmatch(match[0])
    ]


def _where_and_how_fast(turn: Turn, before: Case, after: Case) -> Iterator[str]:
    if after.disposition is before.disposition or after == Case():
        return
    if after.disposition is Disposition.SELF_CARE and not turn.steps:
        if "net_self_care" not in turn.items:
            yield "I6 self-care without a safety net"
    elif after.disposition.at_least(Disposition.SAME_DAY):
        levels = {card.get("level") for card in turn.cards}
        if after.disposition.value not in levels:
            yield f"I6 {after.disposition.value} without its card: {turn.items}"


def _nothing_asked_again(turn: Turn, before: Case, content: Library) -> Iterator[str]:
    if before.rechecking or turn.after.get("rechecking"):
        return
    for name in set(turn.questions) - QUESTION_AGAIN_ALLOWED:
        question = content.questions[name]
        if before.answers.get(name) == "answered":
            yield f"I7 {name} was answered and is asked again"
        elif name in {q.id for q in (*content.danger, *content.before_massage)}:
            closing = question.closed_by or question.covers
            settled = (Assertion.ABSENT,) if question.closed_by_denial else screen.KNOWN
            told = [f for f in closing if before.findings.get(f) in settled]
            today = (turn.after["last_seen"] or "")[:10]
            if told and before.screened_on in (None, today):
                yield f"I7 {name} was told ({told}) and is asked again"


def _others_stay_others(turn: Turn, before: Case, after: Case) -> Iterator[str]:
    reading = reading_of(turn.heard)
    mine = {finding.id for finding in own(reading)}
    others = {f.id for f in reading.findings} - mine - DERIVED
    for name in others:
        if after.findings.get(name) is Assertion.PRESENT and not before.has(name):
            yield f"I8 {name} of somebody else became the user's"


def reading_of(heard: dict[str, Any]) -> Reading:
    """What the findings component made of the message."""
    entities = [e for e in heard.get("entities") or () if "value" in e]
    return Reading(
        findings=tuple(Finding.parse_obj(f) for f in heard.get("findings") or ()),
        entities=tuple(
            Entity.parse_obj({k: e[k] for k in Entity.__fields__ if k in e})
            for e in entities
        ),
        **(heard.get("reading") or {}),
    )


def _words_are_inert(turn: Turn) -> Iterator[str]:
    if len(turn.text) > 15 and turn.text in turn.reply:
        yield "I9 the user's words are repeated"
    if len(turn.text) > 15 and turn.text in turn.log:
        yield "I9 the user's words stand in a log"


def _same_for_every_intent(turn: Turn, before: Case, content: Library) -> Iterator[str]:
    """The red-flag turns once more, with every intent there is."""
    reading = reading_of(turn.heard)
    chosen, cases = set(), set()
    for intent in every_intent():
        heard = hearing.hear(before, reading, content, intent)
        urgent = heard.disposition.at_least(Disposition.SAME_DAY)
        if not heard.asked_flag and not (heard.news.red_flags and urgent):
            return
        chosen.add(
            dialogue.next_action(before, heard, reading, turn.text, intent, content)
        )
        level = heard.disposition if urgent else None
        cases.add((level, heard.red_flags, heard.asked_flag))
    if len(chosen) > 1 or None in chosen or len(cases) > 1:
        yield f"I10 the reply depends on the intent: {chosen}, {cases}"


@cache
def every_intent() -> tuple[str | None, ...]:
    """All intents of the domain, the fallback, and none."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    names = [i if isinstance(i, str) else next(iter(i)) for i in domain["intents"]]
    return (*names, "nlu_fallback", None)


def _short_enough(turn: Turn) -> Iterator[str]:
    if {"multi_card"} & set(turn.items):
        return
    for message in turn.messages:
        if count_words(message["text"]) > MAX_WORDS:
            yield f"{count_words(message['text'])} words: {message['text']!r}"
    whole = count_words(turn.reply)
    if whole > MAX_WORDS:
        yield f"{whole} words in the whole reply"

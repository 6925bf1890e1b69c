"""Answers to questions, where they come from, and what the articles get wrong."""

import re

from wrist import advice, locked, safety, screen, thread
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply
from wrist.models import Answer, Coaching, Correction, Disposition
from wrist.render import Message, Speech
from wrist.safety import Lock

SEED = re.compile(r"^seed:([AB]):(\d+)$")
MORE = "Tell me more"
INFECTION = "C18"
SWELLING = "retrograde_swelling"


def answer(case: Case, topic: str, library: Library) -> Reply:
    """The answer to a question, then back to whatever had been asked."""
    item = library.answers.get(topic)
    if item is None:
        return Reply([Speech(library).phrase("rephrase").message()], case)
    forbidden = _forbidden(case, item, library)
    if forbidden:
        return Reply([forbidden], case)
    case = _ask_detail(case, item, library)
    speech = advice.standing_line(thread.room_for(case, library), case, library)
    for reason in case.news.contraindications[:1]:
        if library.detail_for.get(reason) != item.ask:  # else the answer is about it
            speech.fit(library.contraindications[reason].say[:1], reason)
    _speak(item, speech)
    if screen.active(case) is None and _told_symptoms(case):
        question = screen.next_question(case, library)
        if question and speech.reserve(question).fits(""):
            case = screen.ask(case, question)
    thread.resume(speech, case, library)
    if not screen.active(case):
        speech.offer([MORE] if item.more else [])
        speech.offer(library.answers[t].question for t in item.offer[:3])
    return Reply([speech.message()], case)


def _forbidden(case: Case, item: Answer, library: Library) -> Message | None:
    """What is said instead where a red flag stands against what the answer coaches."""
    if item.coaches and case.disposition.at_least(Disposition.SAME_DAY):
        return advice.standing(case, library)
    massages = item.coaches in (Coaching.MASSAGE, Coaching.RETROGRADE)
    if massages and safety.awaits_clinician(case):
        return locked.refusal(case, Lock.URGENT, library)
    reasons = safety.stopping(case, item.coaches.value, library) if item.coaches else []
    if not reasons:
        return None
    speech = thread.room_for(case, library)
    for reason in reasons[:2]:
        speech.fit(reason.say, reason.id)
    return thread.resume(speech.cover(item.covers), case, library).message()


def _speak(item: Answer, speech: Speech) -> Speech:
    return speech.fit(item.say, item.id).cover(item.covers)


def _told_symptoms(case: Case) -> bool:
    """Whether the user told of pain of their own that nobody has checked yet."""
    return case.has("pain") and not case.in_session and not case.screen_complete


def _ask_detail(case: Case, item: Answer, library: Library) -> Case:
    """Opens the answer's own question where the case does not know yet."""
    if item.ask is None or item.ask not in library.questions:
        return case
    question = library.questions[item.ask]
    return (
        case if screen.is_closed(question, case) else screen.ask_detail(case, item.ask)
    )


def more(case: Case, items: list[str], library: Library) -> Reply:
    """The details behind the last answer, then back to what was asked."""
    speech = advice.standing_line(thread.room_for(case, library), case, library)
    told = [library.answers[i] for i in items if i in library.answers]
    if told and told[0].more:
        speech.fit(told[0].more, told[0].id)
    else:
        speech.phrase("no_more")
    return Reply([thread.resume(speech, case, library).message()], case)


def sources(
    case: Case, statements: list[dict[str, object]], library: Library
) -> Message:
    """The sources of what was said last, by name, with the seed's lines.

    `statements` are those of the last message, each with `say`, `sources` and `item`.
    """
    ids = list(dict.fromkeys(s for one in statements for s in _ids(one)))
    medical = [one for one in ids if one != "service"]
    speech = Speech(library)
    if not medical:
        return speech.phrase("no_source").message()
    named = list(dict.fromkeys(_name(s, library) for s in medical if _is_named(s)))
    lines = [f"{m[1]}:{m[2]}" for one in medical if (m := SEED.match(one))]
    if named:
        speech.phrase("sources_of", sources="; ".join(named[:6]))
    if lines:
        speech.phrase("article_of", lines=", ".join(lines[:6]))
    if "unsourced" in medical:
        speech.phrase("unchecked")
    for correction in _corrections_of(statements, library)[:1]:
        speech.fit(correction.why, correction.id)
    speech.phrase("not_signed_off")
    return speech.card("sources", about=statements, named=medical).message()


def _ids(statement: dict[str, object]) -> list[str]:
    found = statement.get("sources")
    return [str(one) for one in found] if isinstance(found, list) else []


def _is_named(source: str) -> bool:
    return not SEED.match(source) and source != "unsourced"


def _name(source: str, library: Library) -> str:
    return library.sources[source].publisher


def _corrections_of(
    statements: list[dict[str, object]], library: Library
) -> list[Correction]:
    items = [str(one.get("item")) for one in statements]
    refs = [
        c for i in items if i in library.answers for c in library.answers[i].corrections
    ]
    return [library.corrections_by_ref[ref] for ref in dict.fromkeys(refs)]


def correct(case: Case, topic: str, library: Library) -> Reply:
    """What the article says on this topic, that it is not repeated, and why."""
    if case.has("swelling") and case.disposition.at_least(Disposition.SAME_DAY):
        topic = SWELLING  # under danger the article's own warning is the answer
    item = library.answers.get(topic)
    refs = library.corrections_for(topic)
    speech = advice.standing_line(thread.room_for(case, library), case, library)
    if refs:
        correction = library.corrections_by_ref[refs[0]]
        claim = {"say": correction.claim, "sources": correction.seed or ("unsourced",)}
        speech.say([correction.why[0].copy(update=claim)], correction.id)
        if topic == SWELLING and case.disposition.at_least(Disposition.SAME_DAY):
            infection = library.corrections_by_ref[INFECTION]
            speech.fit(infection.why, infection.id)
        speech.fit(correction.why, correction.id).fit(correction.instead, correction.id)
    elif item:
        _speak(item, speech)
    else:
        speech.phrase("article_unknown")
    thread.resume(speech, case, library)
    return Reply([speech.message()], case)

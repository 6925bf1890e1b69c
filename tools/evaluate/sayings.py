"""Makes what conversations seldom reach: every card, answer, step and question once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wrist import advice, answers, check, massage, referral, replies, triage
from wrist.case import Case, News
from wrist.library import Library
from wrist.models import Assertion, Disposition, When
from wrist.render import Message, Speech

Turn = list[dict[str, Any]]


def every_turn(library: Library) -> list[Turn]:
    """One turn for each thing that the content can say by itself."""
    messages = [
        *_cards(library),
        *_answers(library),
        *_steps(library),
        *_fixed(library),
        *_warnings(library),
    ]
    return [[message.to_json()] for message in messages]


def _findings(when: When) -> dict[str, Assertion]:
    chosen = when.any_of[0] if when.any_of else when.of[: when.at_least]
    return dict.fromkeys(chosen, Assertion.PRESENT)


def _cards(library: Library) -> Iterator[Message]:
    """The care card of every red flag and variant, with its question."""
    for flag in library.red_flags.values():
        for when in (flag.when, *(variant.when for variant in flag.variants)):
            told = Case(findings=_findings(when))
            case = triage.assess(told, library)
            if flag.id not in case.red_flags:  # a rule of a function of its own
                case = told.but(red_flags=(flag.id,), disposition=flag.level)
            case = case.but(news=News(red_flags=case.red_flags))
            yield advice.urgent(advice.prepare_urgent(case, library), library)
            yield advice.standing(case, library)
        yield advice.flag_question(Case(asked_flag=flag.id), library)


def _answers(library: Library) -> Iterator[Message]:
    for topic in library.answers:
        for reply in (
            answers.answer(Case(), topic, library),
            answers.correct(Case(), topic, library),
            answers.more(Case(), [topic], library),
        ):
            yield from reply.messages


def _steps(library: Library) -> Iterator[Message]:
    for technique in library.techniques.values():
        if not technique.coached:
            continue
        for number in range(1, len(technique.steps) + 1):
            case = Case(technique=technique.id, step=number, pain_before=3)
            yield massage.step(case, library)
            yield from massage.repeat(case, library).messages
            yield from massage.steps_left(case, library).messages
        yield from massage.finish(case, library).messages
        for score in (1, 3, 6):
            done = case.but(step=None, thread="after", pain_score=score)
            yield from massage.after(done, library).messages


def _fixed(library: Library) -> Iterator[Message]:
    """What takes no more than its name: phrases, questions, levels."""
    for name in replies.PHRASES:
        if message := replies.make(f"{replies.PREFIX}{name}", Case(), library):
            yield message
    for question in library.questions.values():
        yield Speech(library).ask(question).message()
    for level in Disposition:
        if level.rank >= Disposition.GP_SOON.rank:
            yield referral.refer(Case(disposition=level), library)
            yield advice.result(Case(disposition=level), library)


def _warnings(library: Library) -> Iterator[Message]:
    for item in library.contraindications.values():
        case = Case(
            findings=_findings(item.when), news=News(contraindications=(item.id,))
        )
        yield from check.warn(case, library).messages

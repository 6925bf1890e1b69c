"""The guided massage: one step a message, and what moves it.

locked? -> say why, or ask what is missing
start -> step 1 .. n -> pain now -> finished;  stop sign or worsening -> stopped
"""

from typing import NamedTuple

from wrist import advice, clock, locked, safety, screen, thread
from wrist.case import Case, PainScore
from wrist.library import Library
from wrist.models import Assertion, Sentence, Step, Technique
from wrist.render import Message, Speech
from wrist.safety import DEFAULT, Lock

ORDER = "step_order"
THREAD = "massage"
STOPPED = {safety.STOPPED_TODAY: Assertion.PRESENT}
ABOUT_STARTING = ("start_now", "pain_now")
NAVIGATION = ["Next", "Back", "Repeat", "Pause", "Stop"]


class Reply(NamedTuple):
    """What to say, and the case after it is said."""

    messages: list[Message]
    case: Case


def start(case: Case, technique: str, library: Library) -> Reply:
    """Begins a technique at step 1, or says what stands in the way and asks for it."""
    wanted = case.but(wanted=technique)
    lock = safety.lock(wanted, technique, library)
    if lock is Lock.UNCHECKED:
        return _check_first(wanted, library)
    if lock is Lock.PAIN_UNKNOWN:
        question = library.questions["pain_now"]
        speech = Speech(library)
        if screen.active(case) == question.id:
            speech.phrase("score_first")
        asked = screen.ask_detail(wanted, question.id)
        return Reply([speech.ask(question).message()], asked)
    if lock:
        calm = case.but(wanted=None)
        if case.detail in ABOUT_STARTING:
            calm = calm.but(detail=None)
        return Reply([locked.refusal(calm, lock, library, technique)], calm)
    before = case.pain_before if case.pain_score is None else case.pain_score
    begun = wanted.but(
        wanted=None, technique=technique, step=1, paused=False, skipped=(),
        thread=THREAD, pain_before=before, pain_after=None, pain_score=None,
        pending=None, detail=None,
    )  # fmt: skip
    return Reply([_first_step(begun, library)], begun)


def _check_first(case: Case, library: Library) -> Reply:
    checked_before = case.has("checked_before")
    question = (
        library.questions["stop_check"]
        if checked_before
        else screen.next_question(case, library)
    )
    if question is None:
        said = locked.refusal(case, Lock.URGENT, library, case.wanted or DEFAULT)
        return Reply([said], case)
    speech = Speech(library)
    if not checked_before and case.pending is None:
        speech.phrase("before_start")
    return Reply([speech.ask(question).message()], screen.ask(case, question))


def current(case: Case, library: Library) -> Technique:
    """The technique of the running session."""
    return library.techniques[case.technique or DEFAULT]


def _first_step(case: Case, library: Library) -> Message:
    technique = current(case, library)
    speech = Speech(library).fit(technique.stop_rule, "stop_rule")
    return _step_into(speech, case, library).message()


def step(case: Case, library: Library) -> Message:
    """The instruction of the current step."""
    return _step_into(Speech(library), case, library).message()


def _step_into(
    speech: Speech, case: Case, library: Library, *, again: bool = False
) -> Speech:
    technique = current(case, library)
    number, count = case.step or 1, len(technique.steps)
    one = technique.steps[number - 1]
    speech.phrase("step_number", line=True, step=number, of=count)
    speech.say(_again(one) if again else one.do, f"{technique.id}.{one.id}")
    return speech.offer(NAVIGATION).card(
        "massage_step", technique=technique.id, step=number, of=count, image=None,
        seconds=one.seconds, pressure=one.pressure, alt=one.alt,
    )  # fmt: skip


def _again(one: Step) -> tuple[Sentence, ...]:
    """The step in simpler words, with the sources of the first wording."""
    sources = tuple(dict.fromkeys(s for sentence in one.do for s in sentence.sources))
    return (Sentence(say=one.again, sources=sources, status=one.do[0].status),)


def move(case: Case, library: Library, by: int, *, skip: bool = False) -> Reply:
    """One step forward or back; past the last one the session ends."""
    if not case.in_session:
        return _tell_order(case, library) if by > 0 else _nothing_running(case, library)
    number = (case.step or 1) + by
    if number > len(current(case, library).steps):
        return finish(case, library)
    speech = Speech(library)
    skipped = (*case.skipped, case.step or 1) if skip else case.skipped
    if skip:
        speech.phrase("skipped")
    if number < 1:
        speech.phrase("first_step")
    moved = case.but(step=max(1, number), paused=False, skipped=skipped, thread=THREAD)
    return Reply([_step_into(speech, moved, library).message()], moved)


def pause(case: Case, library: Library) -> Reply:
    """Waits at the same step."""
    if not case.in_session:
        return _nothing_running(case, library)
    speech = Speech(library).phrase("paused", step=case.step)
    return Reply([speech.message()], case.but(paused=True))


def steps_left(case: Case, library: Library) -> Reply:
    """How many steps are left and about how long they take."""
    if not case.in_session:
        return _tell_order(case, library)
    technique = current(case, library)
    left = technique.steps[(case.step or 1) :]
    minutes = max(1, round(sum(one.seconds for one in left) / 60))
    speech = Speech(library).phrase(
        "steps_left", left=len(left), of=len(technique.steps),
        minutes=f"{minutes} minute" + ("s" if minutes > 1 else ""),
    )  # fmt: skip
    return Reply([speech.message()], case)


def finish(case: Case, library: Library) -> Reply:
    """Ends the session after its last step and asks for the pain score."""
    if not case.in_session:
        return _nothing_running(case, library)
    speech = Speech(library).phrase("session_finished")
    question = library.questions["pain_now"]
    ended = screen.ask_detail(_ended(case), question.id).but(thread="after")
    return Reply([speech.ask(question).card("pain_scale").message()], ended)


def stop(case: Case, library: Library) -> Reply:
    """Ends the session or the check at once; asks whether a massage made it worse."""
    if screen.active(case) and not case.in_session and not case.news.stop_signs:
        ended = case.but(pending=None, detail=None, thread=None, wanted=None)
        return Reply([Speech(library).phrase("stopped_check").message()], ended)
    if case.news.barred:
        return _end_for(case, library)
    if not case.in_session and not case.news.stop_signs:
        return _nothing_running(case, library)
    speech = Speech(library).phrase("session_stopped")
    for sign in case.news.stop_signs[:1]:
        speech.fit(library.stop_signs[sign].say, sign)
    question = library.questions["worse_after"]
    ended = screen.ask_detail(_ended(case), question.id).but(thread="after")
    return Reply([speech.ask(question).message()], ended)


def _end_for(case: Case, library: Library) -> Reply:
    """The end of a session for something that was told in it, and why."""
    technique = case.technique or DEFAULT
    lock = safety.barred(case, library, technique) or Lock.URGENT
    said = locked.refusal(case, lock, library, technique, opening="session_stopped")
    return Reply([said], case)


def after(case: Case, library: Library) -> Reply:
    """The end of a session: the change in pain, what to expect, when to be seen."""
    scored = case.pain_score
    speech = Speech(library)
    noted = case.but(pain_after=scored, pain_score=None, thread=None)
    if scored is not None and case.pain_before is not None:
        speech.phrase("pain_change", before=case.pain_before, after=scored)
    elif scored is not None:
        speech.phrase("pain_after_only", after=scored)
    if safety.rose(case):
        noted = noted.but(findings={**noted.findings, **STOPPED})
        speech.fit(library.stop_signs[locked.MORE_PAIN].say, locked.MORE_PAIN)
    advice.mild_net(speech, noted, library)
    speech.offer(["Give me a summary", "Remember this for next time"])
    row = PainScore(
        on=clock.now().date().isoformat(), technique=case.technique or DEFAULT,
        before=case.pain_before, after=scored,
    )  # fmt: skip
    return Reply([speech.message()], noted.but(pain_record=(*case.pain_record, row)))


def _ended(case: Case) -> Case:
    return case.but(step=None, paused=False, pain_score=None)


def _nothing_running(case: Case, library: Library) -> Reply:
    lock = safety.barred(case, library)
    if lock:
        return Reply([locked.refusal(case, lock, library)], case)
    return Reply([Speech(library).phrase("not_in_session").message()], case)


def _tell_order(case: Case, library: Library) -> Reply:
    """Which step follows which, for somebody who asks and has not started."""
    if safety.barred(case, library):
        return _nothing_running(case, library)
    item = library.answers[ORDER]
    speech = thread.room_for(case, library).say(item.say, item.id).cover(item.covers)
    if screen.active(case):
        return Reply([thread.resume(speech, case, library).message()], case)
    return Reply([speech.phrase("not_in_session", line=True).message()], case)


def ask_again(case: Case, question_id: str, library: Library) -> Reply:
    """The open question once more."""
    question = library.questions[question_id]
    return Reply([Speech(library).ask(question).message()], case)


def repeat(case: Case, library: Library) -> Reply:
    """The same step once more, in simpler words; else the open question again."""
    active = screen.active(case)
    if active and not case.in_session:
        return ask_again(case, active, library)
    if not case.in_session:
        return _nothing_running(case, library)
    speech = _step_into(Speech(library), case, library, again=True)
    return Reply([speech.message()], case.but(paused=False))

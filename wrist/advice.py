"""What triage says: care cards, questions about a flag, the result of the check.

Messages are made from the case alone, so that the Rasa server can make the urgent ones
without any other process.
"""

from wrist import safety, screen, thread, triage
from wrist.case import Case, OtherCase
from wrist.library import Library, also_id
from wrist.models import Assertion, Decision, Disposition, RedFlag, Sentence
from wrist.models_dialogue import Question
from wrist.others import UNNAMED
from wrist.render import MAX_WORDS, Message, Speech, count_words
from wrist.triage import FiredFlag

PERSONAL = triage.PERSONAL
NO_TRANSPORT = "no_transport"
UNSAID = frozenset(
    {"adult", "overuse", "conditions", "medicines", "during_massage", NO_TRANSPORT}
    | {safety.STOPPED_TODAY}
)
BETTER = frozenset({"colour_returned", "improving"})
# Levels at which people go by themselves.
BY_ONESELF = frozenset({Disposition.EMERGENCY_DEPARTMENT, Disposition.SAME_DAY})
START = "Start guided wrist massage"


def prepare_urgent(case: Case, library: Library) -> Case:
    """The case that goes with a care card: massage over, at most one question open."""
    calm = case.but(
        step=None, paused=False, wanted=None, pending=None, detail=None, thread=None
    )
    leading = triage.leading(case, library)
    if leading and leading.flag.also_ask and also_id(leading.flag.id) not in case.asks:
        also = library.questions[also_id(leading.flag.id)]
        return (
            screen.ask_detail(calm, also.id)
            if _leaves_room(calm, also, library)
            else calm
        )
    if case.disposition is not Disposition.SAME_DAY:
        return calm
    question = screen.next_question(calm, library)
    if question is None or not _leaves_room(calm, question, library):
        return calm
    return screen.ask(calm, question)


def _leaves_room(case: Case, question: Question, library: Library) -> bool:
    """Whether the card is short enough for a question of the check under it."""
    shown = urgent(case.but(detail=question.id), library).text
    return count_words(shown) <= MAX_WORDS


def urgent(case: Case, library: Library) -> Message:
    """The care card of the flag that set the disposition, with what else is new."""
    leading = triage.leading(case, library)
    if leading is None:
        return standing(case, library)
    question = thread.open_question(case, library)
    speech = Speech(library).reserve(question)
    for flag_id in case.news.red_flags:
        flag = library.red_flags[flag_id]
        if flag.adds and flag_id != leading.flag.id:
            speech.say([flag.adds], flag_id)
    if case.news.corrected:
        speech.phrase("correction_noted")
    _card(leading, speech, library)
    _because(speech, leading, library, case)
    return speech.ask(question).message()


def _card(
    fired: FiredFlag, speech: Speech, library: Library, level: Disposition | None = None
) -> Speech:
    shown = level or fired.level
    heading = fired.heading or library.levels.headings[shown]
    _heading(speech, heading, fired.points)
    speech.say(fired.points, fired.flag.id, line=True)
    points = [speech.fill(point.say) for point in fired.points]
    return speech.card(
        "care_card", level=shown.value, heading=speech.fill(heading), points=points
    )


def _heading(speech: Speech, heading: str, points: tuple[Sentence, ...]) -> None:
    """The heading as first line, unless the first point says the same."""
    words = speech.fill(heading).rstrip(".").lower()
    if not points or not speech.fill(points[0].say).lower().startswith(words):
        speech.heading(heading)


def _because(
    speech: Speech, fired: FiredFlag, library: Library, case: Case | None = None
) -> None:
    if fired.flag.level in PERSONAL:
        return
    guessed = case is not None and triage.only_sounds_like(case, fired.flag, library)
    phrase = "sounds_like" if guessed else "because"
    reason = speech.fill(library.phrases[phrase].text, reasons=fired.reason)
    if speech.fits(reason):
        speech.phrase(phrase, line=True, reasons=fired.reason)


def standing(case: Case, library: Library) -> Message:
    """What was advised still stands: the answer to doubt, then the action again."""
    speech = Speech(library)
    leading = triage.leading(case, library)
    if leading:
        _reply_to_news(speech, case, leading.flag, library)
        heading = leading.heading or library.levels.headings[case.disposition]
        _heading(speech, heading, leading.points)
        speech.fit(leading.points, leading.flag.id, line=True)
        points = [speech.fill(point.say) for point in leading.points]
        speech.card(
            "care_card", level=case.disposition.value, points=points,
            heading=speech.fill(heading),
        )  # fmt: skip
    return speech.message()


def _reply_to_news(speech: Speech, case: Case, flag: RedFlag, library: Library) -> None:
    """What the flag's content says to this news: improvement, a date, plain doubt."""
    present = case.present
    if BETTER & present:
        better = library.triage.if_better
        for flag_id in [f for f in case.red_flags if f in better][:2]:
            speech.say([better[flag_id]], flag_id)
    if NO_TRANSPORT in present and case.disposition in BY_ONESELF:
        speech.say([library.triage.no_way_there], "no_way_there")
    elif flag.if_doubted:
        speech.say([flag.if_doubted], flag.id)


def standing_line(speech: Speech, case: Case, library: Library) -> Speech:
    """The standing advice in one line, above an answer to something else."""
    if case.disposition.at_least(Disposition.SAME_DAY):
        leading = triage.leading(case, library)
        heading = leading.heading if leading else None
        said = heading or library.levels.headings[case.disposition]
        if leading:
            source = leading.points[0].sources
            speech.say([Sentence(say=said, sources=source)], leading.flag.id, line=True)
            speech.new_line()
    return speech


def flag_question(case: Case, library: Library) -> Message:
    """One short question about a flag that the message left unclear."""
    flag = library.red_flags[case.asked_flag or ""]
    speech = Speech(library)
    speech.heading(flag.unclear_question or library.levels.default_unclear_question)
    named = library.region.words["emergency_number"] in speech.message().text
    if flag.level is Disposition.EMERGENCY_AMBULANCE and not named:
        speech.phrase("if_yes_call", line=True)
    speech.note(flag.id)
    return speech.offer(["Yes", "No", "Not sure"]).message()


def prepare_other(case: Case, library: Library) -> Case:
    """The case with the question about the other person open."""
    return screen.ask_detail(case, screen.OTHER_DETAIL)


def other_case(case: Case, library: Library) -> Message:
    """The advice for another person: of this message, else the last one told of."""
    named = [one for one in case.other_cases if one.person == case.news.other]
    other = (named or case.other_cases)[-1]
    speech = Speech(library)
    fired = _fired_for(other, library)
    _for_person(speech, other)
    speech.reserve(thread.open_question(case, library))
    _heading(
        speech,
        fired.heading or library.levels.headings[other.disposition],
        fired.points,
    )
    speech.fit(fired.points, fired.flag.id, line=True)
    points = [speech.fill(point.say) for point in fired.points]
    heading = speech.fill(fired.heading or library.levels.headings[other.disposition])
    speech.card(
        "care_card", level=other.disposition.value, heading=heading, points=points
    )
    return speech.ask(thread.open_question(case, library)).message()


def noted_other(case: Case, library: Library) -> Message:
    """A detail about another person: kept apart; their advice stands."""
    speech = Speech(library).phrase("noted_other")
    other = case.other_cases[-1] if case.other_cases else None
    if other and other.disposition.at_least(Disposition.GP_SOON):
        _for_person(speech, other)
        speech.heading(library.levels.headings[other.disposition])
    return speech.offer(["Check my wrist"]).message()


def _for_person(speech: Speech, other: OtherCase) -> None:
    named = other.person != UNNAMED
    person = f"your {other.person}" if named else "the other person"
    speech.phrase("for_person", line=True, person=person)


def _fired_for(other: OtherCase, library: Library) -> FiredFlag:
    """The flag that leads; one that was denied later still stands."""
    fired = triage.fired_flags(library.evidence(other.findings), library)
    standing = [library.red_flags[flag] for flag in other.red_flags]
    known = [*fired, *(FiredFlag.of(flag) for flag in standing)]
    return min(known, key=lambda one: one.level.rank)


def result(case: Case, library: Library) -> Message:
    """The result of the check: what to do, why, and what to watch for."""
    question = thread.open_question(case, library)
    speech = Speech(library).reserve(question)
    leading = triage.leading(case, library) if case.red_flags else None
    net = library.safety_nets[case.disposition]
    item = f"net_{case.disposition.value}"
    if case.disposition is Disposition.UNASSESSED:
        speech.phrase("unassessed").fit(net.short, item)
        return speech.message()
    if leading:
        _card(leading, speech, library, case.disposition)
        _because(speech, leading, library)
    elif case.disposition is Disposition.GP_SOON:
        _permission(speech, case, library)
    else:
        _self_care(speech, case, library)
    if case.disposition is Disposition.SELF_CARE:
        mild_net(speech, case, library)
    else:
        whole = net.short or [*net.watch, net.how_fast, net.where, net.how_long]
        speech.fit(whole, item)
    _explain(speech, case, library)
    speech.ask(question)
    if case.disposition is Disposition.SELF_CARE and not safety.barred(case, library):
        speech.offer([START])
    return speech.message()


def mild_net(speech: Speech, case: Case, library: Library) -> Speech:
    """What to watch for after a mild result; no word of massage where it is barred."""
    net = library.safety_nets[Disposition.SELF_CARE]
    barred = safety.barred(case, library)
    if barred is safety.Lock.CONTRAINDICATION:
        for item in safety.stopping(case, safety.DEFAULT, library)[:1]:
            speech.fit(item.say[:1], item.id)
    return speech.fit(net.short[bool(barred) :], "net_self_care")


def prepare_result(case: Case, library: Library) -> Case:
    """The case after the check: nothing pending but the pain score before a massage."""
    done = case.but(pending=None, thread=None, result_told=case.disposition)
    mild = case.disposition is Disposition.SELF_CARE and case.pain_score is None
    if mild and not safety.barred(done, library):
        return screen.ask_detail(done, "pain_now")
    return done


def _permission(speech: Speech, case: Case, library: Library) -> None:
    speech.heading(library.levels.headings[Disposition.GP_SOON])
    asking = [
        item
        for item in library.applying(case)
        if item.decision.value == "ask_first" and "self_massage" in item.applies_to
    ]
    for item in asking[:2]:
        speech.fit(item.say[:2], item.id)
    speech.card(
        "care_card", level=Disposition.GP_SOON.value,
        heading=speech.fill(library.levels.headings[Disposition.GP_SOON]),
        points=[speech.fill(s.say) for item in asking[:2] for s in item.say],
    )  # fmt: skip


def _self_care(speech: Speech, case: Case, library: Library) -> None:
    speech.heading(library.levels.headings[Disposition.SELF_CARE])
    why = explanation(case, library)
    told = [case.trigger or "", *why["because"]]
    named = list(filter(None, told))[:2]
    if named:
        speech.phrase("told", told=", ".join(named))
    first = [library.finding_label(f) for f in library.levels.not_found_first]
    short = [label for label in first if label in why["not_found"]][:2]
    if short:
        speech.phrase("not_found", findings=", ".join(short))
    for item in library.applying(case):
        if item.decision is Decision.MODIFY and "self_massage" in item.applies_to:
            speech.fit(item.say, item.id)
            break


def _explain(speech: Speech, case: Case, library: Library) -> None:
    """Reasons and what was not found, for screens and on request."""
    speech.extend_card(**explanation(case, library))


def explanation(case: Case, library: Library) -> dict[str, list[str]]:
    """Why this level: what was told, what was denied, what was not asked or refused."""
    label = library.finding_label
    told = [
        label(f)
        for f in sorted(case.present)
        if f not in library.red_flags and f not in UNSAID
    ]
    absent = [label(f) for f, s in case.findings.items() if s is Assertion.ABSENT]
    asked = {**dict.fromkeys(case.asks, "asked"), **case.answers}
    questions = (*library.danger, *library.before_massage)
    return {
        "because": told,
        "not_found": absent,
        "not_asked": [
            question.id
            for question in questions
            if question.id not in asked and not screen.is_closed(question, case)
        ],
        "refused": [q for q, state in case.answers.items() if state == "refused"],
        "rules": list(case.red_flags),
    }

"""Goes on with the check: the next question, or the result when there is none left."""

from wrist import advice, massage, safety, screen, thread
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply
from wrist.models import Disposition
from wrist.models_dialogue import Question
from wrist.render import Message, Speech


def begin(case: Case, library: Library) -> Reply:
    """Starts the check, or a new one that may lower an older result once complete."""
    if case.disposition is Disposition.INFO_ONLY and not case.screen_complete:
        return go_on(case, library)
    lasting = {f: s for f, s in case.findings.items() if f in library.lasting}
    fresh = case.but(
        rechecking=True, findings=lasting, onsets={}, answers={}, asks={}, pending=None,
        detail=None, screen_complete=False, screened_on=None, pain_score=None,
        result_told=None,
    )  # fmt: skip
    return go_on(fresh, library)


def go_on(case: Case, library: Library) -> Reply:
    """The next question, else the result; what the last message changed comes first."""
    speech = Speech(library)
    if _was_hypothetical(case):
        net = library.safety_nets[Disposition.INFO_ONLY]
        speech.phrase("hypothetical_noted").fit(
            [net.how_fast, net.where], "net_info_only"
        )
        return Reply([speech.message()], case)
    scored = "pain_now" in case.news.answered and case.pain_score is not None
    if scored and case.screen_complete and not safety.barred(case, library):
        speech.phrase("pain_noted", score=case.pain_score)
        speech.ask(library.questions["start_now"])
        asked = screen.ask_detail(case.but(thread=None), "start_now")
        return Reply([speech.message()], asked)
    question = screen.next_question(case, library)
    _acknowledge(speech, case, question, library)
    if question and _result_is_clear(case, library):
        asked = screen.ask(case, question)
        return Reply([advice.result(asked, library)], asked)
    if question is None and case.wanted and case.disposition is Disposition.SELF_CARE:
        return massage.start(case.but(pending=None), case.wanted, library)
    if question is None and case.result_told is case.disposition:
        return Reply([_noted(case, library)], case.but(pending=None, thread=None))
    if question is None:
        done = advice.prepare_result(case, library)
        return Reply([advice.result(done, library)], done)
    if case.side is None and "side" not in case.asks:
        speech.phrase("which_side", line=True)
        case = case.but(asks={**case.asks, "side": 1})
    asked = screen.ask(case, question)
    return Reply([speech.ask(question).message()], asked)


def _was_hypothetical(case: Case) -> bool:
    """Whether a question about "what if" turned out to be no more than that."""
    resolved = "fall_detail" in case.news.answered
    personal = case.present - {"adult", "older"}
    return resolved and not personal and case.pending is None


def _noted(case: Case, library: Library) -> Message:
    """Something new that changes nothing: noted, and the result in one line."""
    net = library.safety_nets[case.disposition]
    speech = Speech(library).phrase("noted_same")
    speech.heading(library.levels.headings[case.disposition])
    speech.fit(net.short, f"net_{case.disposition.value}")
    return speech.message()


def _result_is_clear(case: Case, library: Library) -> bool:
    """Whether only one question is left and the person is to see somebody anyway."""
    left = len(screen.open_questions(case, library.danger))
    return case.disposition is Disposition.GP_SOON and left == 1


def _acknowledge(
    speech: Speech, case: Case, question: Question | None, library: Library
) -> None:
    """Says what the news means for massage, and that a refusal is noted.

    So is a detail where the same question comes again: it did not answer it.
    """
    refused = [q for q in case.news.answered if case.answers.get(q) == "refused"]
    if refused:
        speech.phrase("refusal_noted")
    if case.news.corrected:
        speech.phrase("correction_noted")
    if case.news.side:
        speech.phrase("side_noted", side=case.side)
    for item_id in case.news.contraindications[:1]:
        speech.fit(library.contraindications[item_id].say[:2], item_id)
    if case.news.detail and question and case.asks.get(question.id):
        speech.phrase("detail_noted")


def warn(case: Case, library: Library) -> Reply:
    """Warnings for this person, and the one question that they lead to."""
    if case.news.hypothetical and not case.news.contraindications:
        speech = Speech(library).say(library.levels.hypothetical, "hypothetical")
        asked = screen.ask_detail(case, "fall_detail")
        return Reply([speech.ask(library.questions["fall_detail"]).message()], asked)
    for item_id in case.news.contraindications:
        detail = library.detail_for.get(item_id)
        if detail and not screen.is_closed(library.questions[detail], case):
            case = screen.ask_detail(case, detail)
            break
    speech = advice.standing_line(thread.room_for(case, library), case, library)
    safety.warn(speech, case, library)
    thread.resume(speech, case, library)
    return Reply([speech.message()], case)

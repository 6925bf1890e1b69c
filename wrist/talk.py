"""Greeting, help, privacy, languages: what is said about the assistant and the talk."""

from wrist import advice, screen, summary, thread
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply
from wrist.models import Disposition
from wrist.render import Message, Speech


def greet(case: Case, library: Library) -> Reply:
    """Who this is; with consent, what was said last time and how it is today."""
    speech = Speech(library)
    if case.thread == "return":
        speech.phrase("welcome_back", recall=summary.recall(case, library))
        asked = screen.ask_detail(case.but(thread=None), "today")
        return Reply([speech.ask(library.questions["today"]).message()], asked)
    advice.standing_line(speech, case, library).phrase("greet")
    return Reply([speech.message()], case)


def phrase(phrase_id: str, case: Case, library: Library) -> Message:
    """The standing advice if there is one, a fixed phrase, the open question."""
    speech = advice.standing_line(Speech(library), case, library).phrase(phrase_id)
    return thread.resume(speech, case, library).message()


def explain_question(case: Case, library: Library) -> Message:
    """Why the open question is asked, and the question again.

    Where none is open, what was not understood is the advice, if there is any.
    """
    active = screen.active(case)
    if active is None and advice.explanation(case, library)["because"]:
        return explain_advice(case, library)
    if active is None:
        return Speech(library).phrase("why_no_question").message()
    question = library.questions[active]
    return Speech(library).say([question.why], question.id).ask(question).message()


def explain_advice(case: Case, library: Library) -> Message:
    """Which answers led to the advice, what was not found, and the open question."""
    speech = thread.room_for(case, library)
    why = advice.explanation(case, library)
    if not why["because"]:
        return speech.phrase("no_advice_yet").message()
    advice.standing_line(speech, case, library)
    speech.phrase("told", told=", ".join(why["because"][:8]))
    if why["not_found"]:
        speech.phrase("not_found", findings=", ".join(why["not_found"][:8]))
    return thread.resume(speech.extend_card(**why), case, library).message()


def confirm_delete(case: Case, library: Library) -> Reply:
    """Says what will be deleted and asks once."""
    speech = Speech(library).phrase("delete_confirm")
    return Reply([speech.message()], screen.ask_detail(case, "confirm_delete"))


def delete(case: Case, library: Library, *, confirmed: bool) -> Reply:
    """Erases everything, after the standing advice was said once more."""
    speech = Speech(library)
    if not confirmed:
        return Reply([speech.phrase("kept").message()], case)
    speech.phrase("deleted")
    advice.standing_line(speech, case, library)
    return Reply([speech.message()], Case(erase=True))


def frustration(case: Case, library: Library) -> Reply:
    """Acknowledges anger once, keeps what was told, offers the check or a person."""
    if case.onset_days is None or case.pending or case.in_session:
        return Reply([phrase("insult", case, library)], case)
    since = f"Pain for {summary.days(case.onset_days)}. "
    speech = Speech(library).phrase("frustration", since=since)
    return Reply([speech.message()], case)


def language_card(case: Case, library: Library) -> Message:
    """The card of the language that was written, or the one in all languages."""
    speech = Speech(library)
    language = library.languages.get(case.news.language)
    urgent = case.disposition.at_least(Disposition.SAME_DAY)
    known = case.language in ("en", case.news.language)
    names = [one.name for one in library.languages.values()]
    if language is None or not urgent or not known:
        speech.heading(library.multi_card.heading).note("multi_card")
        for line in library.multi_card.lines:
            speech.heading(line.text)
        return speech.offer(names).message()
    again = not case.news.red_flags
    heading = language.card.heading
    points = (language.massage_no,) if again else language.card.points
    speech.heading(heading).note(f"emergency_card_{language.code}")
    for point in points:
        speech.heading(point)
    speech.card(
        "care_card", level=case.disposition.value, heading=speech.fill(heading),
        points=[speech.fill(p) for p in points], language=language.code,
        sources=["unsourced"],
    )  # fmt: skip
    return speech.offer(names).message()

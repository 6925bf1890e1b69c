"""What must come next whatever intent was guessed; the rest is for rules and stories.

news of danger -> care card          a language we do not speak -> its card
an unclear flag -> one question      an answer to the open question -> the check goes on
standing danger -> the advice again  anything else -> None (rules decide)
"""

from wrist import advice, screen
from wrist.case import Case
from wrist.findings import KNOWN, TALK, Reading, own, said
from wrist.library import Library
from wrist.models import Disposition

URGENT_ADVICE = "utter_urgent_advice"
STANDING_ADVICE = "utter_standing_advice"
OTHER_CASE = "utter_other_case_advice"
FLAG_QUESTION = "utter_flag_question"
NOTED_OTHER = "utter_noted_other"
OTHER_DETAIL = "other_person_detail"
LANGUAGE_CARD = "utter_language_card"
NOTHING_SAID = "utter_nothing_said"
EMOJI_QUESTION = "utter_emoji_question"
CHECK = "action_ask_screen_question"
WARNING = "action_give_safety_warning"
AFTER_MASSAGE = "action_finish_massage"
START_MASSAGE = "action_give_massage_step"
FRUSTRATION = "action_acknowledge_frustration"
STOP_MASSAGE = "action_stop_massage"
DELETE = "action_delete_data"

QUESTION = "faq"
NOT_UNDERSTOOD = frozenset({None, "nlu_fallback", "out_of_scope"})
MASSAGE_REQUESTS = frozenset(
    {"request_massage", "request_short_massage", "request_retrograde_massage"}
)
# What may be answered while danger stands; the standing advice is added to each.
SERVICE = frozenset(
    {
        "ask_source",
        "ask_for_more",
        "explain_advice",
        "ask_why_question",
        "ask_certainty",
        "thank",
    }
    | {"bot_challenge", "request_human", "request_summary", "ask_stored_data"}
    | {"delete_data", "ask_emergency_number", "give_consent", "withdraw_consent"}
    | {"change_language", "goodbye", "give_positive_feedback"}
    | {"give_negative_feedback"}
)
ABOUT_WRISTS = frozenset(
    {"faq", "cite_article", "request_check", "request_referral", "greet", "insult"}
)
NO_WRIST_TALK = frozenset(
    {Disposition.EMERGENCY_AMBULANCE, Disposition.CRISIS, Disposition.SAFEGUARDING}
)


def next_action(
    before: Case,
    case: Case,
    reading: Reading,
    text: str,
    intent: str | None,
    library: Library,
) -> str | None:
    """The action that safety or an open question demands, or None."""
    news = case.news
    if not any(character.isalnum() for character in text) and not reading.findings:
        return NOTHING_SAID if not text.strip() else EMOJI_QUESTION
    if _is_danger(before, case):
        return URGENT_ADVICE if reading.language == "en" else LANGUAGE_CARD
    if news.stop_signs:
        return STOP_MASSAGE
    if news.other:
        return OTHER_CASE
    if before.detail == OTHER_DETAIL and _about_other(reading):
        return NOTED_OTHER
    if case.asked_flag and case.asked_flag != before.asked_flag:
        return FLAG_QUESTION
    if reading.language != "en":
        return LANGUAGE_CARD
    if before.detail == "confirm_delete" and "confirm_delete" in news.answered:
        return DELETE
    if case.disposition.at_least(Disposition.SAME_DAY):
        return _under_danger(case, reading, intent)
    if _only_emoji(text) and not news.answered:
        return EMOJI_QUESTION
    if said(reading, "asks_massage") and said(reading, "checked_before"):
        return START_MASSAGE
    if intent == QUESTION and not before.pending:
        return None  # the answer itself names a reason not to massage
    elsewhere = _is_elsewhere(before, case, reading, intent, library)
    supposed = () if elsewhere or intent == "out_of_scope" else news.hypothetical
    if _dangerous(supposed, library):
        return WARNING
    if news.contraindications and _about_massage(case, reading, intent):
        return WARNING
    return _thread(before, case, reading, intent, goes_elsewhere=elsewhere)


def _is_elsewhere(
    before: Case, case: Case, reading: Reading, intent: str | None, library: Library
) -> bool:
    """Whether a message is about something else, for all that its words say."""
    if intent == "out_of_scope":
        return not case.has("pain")
    told = {f.id for f in own(reading) if f.id not in TALK}
    nobody_understood = intent in NOT_UNDERSTOOD and reading.is_question
    return (
        nobody_understood
        and not before.findings
        and told <= set(library.levels.need_company)
    )


def _about_other(reading: Reading) -> bool:
    """Whether the message speaks of somebody else and not of the user."""
    roles = [entity.role == "other_person" for entity in reading.entities]
    return any(roles) and not any(f.id not in TALK for f in own(reading))


def _is_danger(before: Case, case: Case) -> bool:
    if not case.disposition.at_least(Disposition.SAME_DAY):
        return False
    return case.disposition is not before.disposition or bool(case.news.red_flags)


def _under_danger(case: Case, reading: Reading, intent: str | None) -> str | None:
    """While danger stands, the check goes on and all else gets the advice."""
    if case.pending and case.news.answered:
        return CHECK
    allowed = SERVICE if case.disposition in NO_WRIST_TALK else SERVICE | ABOUT_WRISTS
    if intent in allowed and not _tells(reading):
        return None
    return STANDING_ADVICE


def _stated(reading: Reading) -> bool:
    """Whether the message says anything of the user's own findings."""
    return any(f.id not in TALK and f.status in KNOWN for f in own(reading))


def _tells(reading: Reading) -> bool:
    """Whether the message states findings rather than asks."""
    return _stated(reading) and not reading.is_question


def _only_emoji(text: str) -> bool:
    return not any(character.isalpha() or character.isdigit() for character in text)


def _dangerous(findings: tuple[str, ...], library: Library) -> bool:
    """Whether these, if they were true, would keep the person from massage or heat."""
    return any(f in library.levels.danger_findings for f in findings)


def _about_massage(case: Case, reading: Reading, intent: str | None) -> bool:
    asked = said(reading, "asks_massage") or said(reading, "wants_deep_tissue")
    massage = intent in MASSAGE_REQUESTS or intent == "cite_article"
    return asked or massage or bool(case.wanted) or intent == "faq"


def _thread(
    before: Case,
    case: Case,
    reading: Reading,
    intent: str | None,
    *,
    goes_elsewhere: bool,
) -> str | None:
    """Goes on with what was asked when the message answers it."""
    answered = screen.active(before)
    if case.answers.get("start_now") == "answered_yes" and answered == "start_now":
        return START_MASSAGE
    if answered == "pain_now" and "pain_now" in _settled(before, case):
        if before.thread == "after":
            return AFTER_MASSAGE
        return START_MASSAGE if before.wanted or intent in MASSAGE_REQUESTS else CHECK
    if before.detail == "worse_after" and "worse_after" in _settled(before, case):
        return AFTER_MASSAGE
    if answered and answered in _settled(before, case) and intent != "cite_article":
        return CHECK
    if said(reading, "insult") and not (before.pending and _tells(reading)):
        return FRUSTRATION
    if before.pending and _tells(reading):
        return CHECK
    if intent in NOT_UNDERSTOOD:
        if said(reading, "asks_massage"):
            return START_MASSAGE
        return CHECK if _stated(reading) and not goes_elsewhere else None
    return None


def _settled(before: Case, case: Case) -> set[str]:
    return {q for q, s in case.answers.items() if before.answers.get(q) != s}


def prepare(action: str, case: Case, library: Library) -> Case:
    """The case that goes with a reply made inside the server."""
    if action == LANGUAGE_CARD:
        first = case.language if case.language != "en" else case.news.language
        case = case.but(language=first)
        return case.but(step=None, thread=None) if case.news.red_flags else case
    if action == URGENT_ADVICE:
        return advice.prepare_urgent(case, library)
    if action == OTHER_CASE:
        return advice.prepare_other(case, library)
    if action == EMOJI_QUESTION and not case.pending:
        return screen.ask_detail(case, "does_it_hurt")
    return case

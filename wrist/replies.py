"""The replies that are made inside the Rasa server, by the name of their response."""

from collections.abc import Callable

from wrist import advice, talk
from wrist.case import Case
from wrist.library import Library
from wrist.render import Message, Speech

PREFIX = "utter_"
PHRASES = frozenset(
    {"goodbye", "thank", "acknowledge", "capabilities", "bot_challenge", "certainty"}
    | {"emergency_number", "feedback_good", "feedback_bad", "change_language"}
    | {"worry", "out_of_scope", "rephrase", "nothing_said", "glad"}
)


def _emoji_question(case: Case, library: Library) -> Message:
    if case.detail == "does_it_hurt" or case.pending is None:
        return Speech(library).ask(library.questions["does_it_hurt"]).message()
    return Speech(library).ask(library.questions[case.pending]).message()


def _fault(case: Case, library: Library) -> Message:
    return Speech(library).phrase("fault").message()


MADE: dict[str, Callable[[Case, Library], Message]] = {
    "utter_urgent_advice": advice.urgent,
    "utter_standing_advice": advice.standing,
    "utter_other_case_advice": advice.other_case,
    "utter_noted_other": advice.noted_other,
    "utter_flag_question": advice.flag_question,
    "utter_language_card": talk.language_card,
    "utter_emoji_question": _emoji_question,
    "utter_fault": _fault,
}


def names() -> list[str]:
    """Every response that can be made here."""
    return sorted([*MADE, *(f"{PREFIX}{phrase}" for phrase in PHRASES)])


def make(name: str, case: Case, library: Library) -> Message | None:
    """The message of a response, or None when there is no such response."""
    if name in MADE:
        return MADE[name](case, library)
    phrase = name.removeprefix(PREFIX)
    return talk.phrase(phrase, case, library) if phrase in PHRASES else None

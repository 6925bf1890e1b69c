"""What must come next whatever intent was guessed; the rest is for rules and stories.

case before, message, case after -> the first row of ORDER that holds -> its action
"""

from collections.abc import Callable

from wrist import advice, screen
from wrist.case import Case
from wrist.findings import Reading
from wrist.library import Library
from wrist.turn import Turn

URGENT_ADVICE = "utter_urgent_advice"
STANDING_ADVICE = "utter_standing_advice"
OTHER_CASE = "utter_other_case_advice"
FLAG_QUESTION = "utter_flag_question"
NOTED_OTHER = "utter_noted_other"
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

# The first that holds decides; None leaves the message to rules and stories.
ORDER: tuple[tuple[Callable[[Turn], bool], str | None], ...] = (
    (Turn.is_empty, NOTHING_SAID),
    (Turn.is_marks, EMOJI_QUESTION),
    (Turn.is_foreign_danger, LANGUAGE_CARD),
    (Turn.is_danger, URGENT_ADVICE),
    (Turn.names_a_stop_sign, STOP_MASSAGE),
    (Turn.ends_the_massage, STOP_MASSAGE),
    (Turn.brings_another_case, OTHER_CASE),
    (Turn.asks_on_about_the_other, OTHER_CASE),
    (Turn.tells_of_the_other, NOTED_OTHER),
    (Turn.leaves_a_flag_unclear, FLAG_QUESTION),
    (Turn.is_foreign, LANGUAGE_CARD),
    (Turn.confirms_to_delete, DELETE),
    (Turn.answers_under_danger, CHECK),
    (Turn.may_be_answered_under_danger, None),
    (Turn.danger_stands, STANDING_ADVICE),
    (Turn.is_emoji, EMOJI_QUESTION),
    (Turn.starts_what_was_checked, START_MASSAGE),
    (Turn.is_question, None),
    (Turn.supposes_danger, WARNING),
    (Turn.meets_a_contraindication, WARNING),
    (Turn.wants_to_start, START_MASSAGE),
    (Turn.is_ready, START_MASSAGE),
    (Turn.scores_after, AFTER_MASSAGE),
    (Turn.scores_before, START_MASSAGE),
    (Turn.answers, CHECK),
    (Turn.is_rude, FRUSTRATION),
    (Turn.goes_on_telling, CHECK),
    (Turn.gives_details, CHECK),
    (Turn.wants_massage, START_MASSAGE),
    (Turn.tells_something, CHECK),
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
    turn = Turn(before, case, reading, text, intent, library)
    return next((action for holds, action in ORDER if holds(turn)), None)


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

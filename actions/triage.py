"""The check and its result."""

from rasa_sdk import Tracker

from actions.base import CaseAction, saying
from wrist import check, talk
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply


class ActionStartCheck(CaseAction):
    """Begins the check, or a new one that may change an older result."""

    def name(self) -> str:
        return "action_start_check"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return check.begin(case, content)


class ActionAskScreenQuestion(CaseAction):
    """Asks what is still missing, or gives the result of the check."""

    def name(self) -> str:
        return "action_ask_screen_question"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return check.go_on(case, content)


class ActionExplainQuestion(CaseAction):
    """Why the open question is asked."""

    def name(self) -> str:
        return "action_explain_question"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return saying(talk.explain_question, case, content)


class ActionExplainAdvice(CaseAction):
    """Which answers led to the advice."""

    def name(self) -> str:
        return "action_explain_advice"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return saying(talk.explain_advice, case, content)

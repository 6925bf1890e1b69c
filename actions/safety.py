"""Safety warnings."""

from rasa_sdk import Tracker

from actions.base import CaseAction
from wrist import check
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply


class ActionGiveSafetyWarning(CaseAction):
    """What this person should watch out for, their own reasons first."""

    def name(self) -> str:
        return "action_give_safety_warning"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return check.warn(case, content)

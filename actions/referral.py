"""Referral: who to see, how soon, what to take along."""

from rasa_sdk import Tracker

from actions.base import CaseAction, saying
from wrist import referral, summary
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply


class ActionGiveReferral(CaseAction):
    """Where to go and how fast."""

    def name(self) -> str:
        return "action_give_referral"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return saying(referral.refer, case, content)


class ActionReferToPerson(CaseAction):
    """The honest answer to a wish for a person."""

    def name(self) -> str:
        return "action_refer_to_person"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return saying(referral.no_person, case, content)


class ActionGiveSummary(CaseAction):
    """The summary to take to a clinician."""

    def name(self) -> str:
        return "action_give_summary"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return saying(summary.summary, case, content)

"""Greeting, consent, stored data, deletion, frustration."""

from rasa_sdk import Tracker

from actions.base import CaseAction, intent_of, saying
from wrist import check, summary, talk
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply
from wrist.render import Speech


class ActionGreet(CaseAction):
    """Who this is; with consent, what was said last time."""

    def name(self) -> str:
        return "action_greet"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return talk.greet(case, content)


class ActionTellStoredData(CaseAction):
    """What is stored about this person."""

    def name(self) -> str:
        return "action_tell_stored_data"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return saying(summary.stored, case, content)


class ActionConfirmDeletion(CaseAction):
    """Says what would be deleted and asks once."""

    def name(self) -> str:
        return "action_confirm_deletion"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return talk.confirm_delete(case, content)


class ActionDeleteData(CaseAction):
    """Deletes everything when the question was answered with yes."""

    def name(self) -> str:
        return "action_delete_data"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        confirmed = case.answers.get("confirm_delete") == "answered_yes"
        return talk.delete(case, content, confirmed=confirmed)


class ActionRecordConsent(CaseAction):
    """Notes consent or its withdrawal, as the user said."""

    def name(self) -> str:
        return "action_record_consent"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        agreed = intent_of(tracker) == "give_consent"
        phrase = "consent_given" if agreed else "consent_withdrawn"
        message = Speech(content).phrase(phrase).message()
        return Reply([message], case.but(consent=agreed))


class ActionAcknowledgeFrustration(CaseAction):
    """Takes anger for what it is, and offers the check or a person."""

    def name(self) -> str:
        return "action_acknowledge_frustration"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return talk.frustration(case, content)


class ActionRestart(CaseAction):
    """Starts the check again; older advice stands until it is complete."""

    def name(self) -> str:
        return "action_start_again"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        begun = check.begin(case.but(step=None, paused=False, wanted=None), content)
        lead = Speech(content).phrase("restart").message()
        return Reply([lead, *begun.messages], begun.case)

"""The guided massage, one step a message."""

from rasa_sdk import Tracker

from actions.base import CaseAction, intent_of
from wrist import massage, screen
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply

TECHNIQUE_OF = {
    "request_massage": "self_massage",
    "request_short_massage": "self_massage_short",
    "request_retrograde_massage": "retrograde_massage",
}


class ActionGiveMassageStep(CaseAction):
    """Starts the massage that was asked for, or goes on with the running one."""

    def name(self) -> str:
        return "action_give_massage_step"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        asked = TECHNIQUE_OF.get(intent_of(tracker) or "")
        if case.in_session and asked in (None, case.technique):
            return Reply([massage.step(case, content)], case.but(paused=False))
        technique = asked or case.wanted or massage.DEFAULT
        return massage.start(case, technique, content)


class ActionNextStep(CaseAction):
    """One step on; after the last one the session ends."""

    def name(self) -> str:
        return "action_next_step"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return massage.move(case, content, 1)


class ActionPreviousStep(CaseAction):
    """One step back."""

    def name(self) -> str:
        return "action_previous_step"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return massage.move(case, content, -1)


class ActionRepeatStep(CaseAction):
    """The same step in simpler words; outside a massage the open question again."""

    def name(self) -> str:
        return "action_repeat_step"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return massage.repeat(case, content)


class ActionSkipStep(CaseAction):
    """Leaves the step out and goes on."""

    def name(self) -> str:
        return "action_skip_step"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return massage.move(case, content, 1, skip=True)


class ActionPauseMassage(CaseAction):
    """Waits at the same step."""

    def name(self) -> str:
        return "action_pause_massage"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return massage.pause(case, content)


class ActionResumeMassage(CaseAction):
    """Carries on at the same step, or with the question that was open."""

    def name(self) -> str:
        return "action_resume_massage"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        active = screen.active(case)
        if active and not case.in_session:
            return massage.ask_again(case, active, content)
        return massage.move(case, content, 0)


class ActionStopMassage(CaseAction):
    """Ends the session at once and asks whether it is worse."""

    def name(self) -> str:
        return "action_stop_massage"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return massage.stop(case, content)


class ActionFinishMassage(CaseAction):
    """After the last step: the pain score, then the change and what to watch for."""

    def name(self) -> str:
        return "action_finish_massage"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        if case.in_session:
            return massage.finish(case, content)
        return massage.after(case, content)


class ActionTellStepsLeft(CaseAction):
    """How many steps are left and about how long they take."""

    def name(self) -> str:
        return "action_tell_steps_left"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return massage.steps_left(case, content)

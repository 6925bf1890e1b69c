"""Answers to questions, their sources, and what the articles get wrong."""

from rasa_sdk import Tracker

from actions.base import CaseAction, last_statements, topic_of
from wrist import answers
from wrist.case import Case
from wrist.library import Library
from wrist.massage import Reply


class ActionAnswerQuestion(CaseAction):
    """The answer to `faq/<topic>`, then back to what was asked."""

    def name(self) -> str:
        return "action_answer_question"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return answers.answer(case, topic_of(tracker), content)


class ActionTellMore(CaseAction):
    """The details behind the last answer."""

    def name(self) -> str:
        return "action_tell_more"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        items = [str(one.get("item")) for one in last_statements(tracker)]
        return answers.more(case, items, content)


class ActionGiveSources(CaseAction):
    """Where the last words come from."""

    def name(self) -> str:
        return "action_give_sources"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        message = answers.sources(case, last_statements(tracker), content)
        return Reply([message], case)


class ActionCorrectArticle(CaseAction):
    """What the article says, that it is not repeated, and why."""

    def name(self) -> str:
        return "action_correct_article"

    def reply(self, case: Case, tracker: Tracker, content: Library) -> Reply:
        return answers.correct(case, topic_of(tracker), content)

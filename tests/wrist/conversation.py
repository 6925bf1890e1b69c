"""A conversation in one process: words, the safety policy's steps, actions.

    text -> lexicon -> hearing -> dialogue -> the reply of wrist, or of an action

It follows the safety policy and the rules of data/rules, without Rasa and without a
trained model: a test says which intent is guessed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from rasa_sdk import Tracker

from tests.actions.harness import action_classes
from tools.environment import ROOT
from wrist import dialogue, hearing, library, replies
from wrist.case import Case
from wrist.findings import Reading
from wrist.lexicon import Lexicon
from wrist.library import Library
from wrist.models import Assertion, Disposition
from wrist.render import Message

FALLBACK = "utter_rephrase"
# Somebody whose check is complete and found nothing against a massage.
CLEAR = Case(
    disposition=Disposition.SELF_CARE,
    screen_complete=True,
    findings={"adult": Assertion.PRESENT},
    pain_score=3,
)


@cache
def lexicon() -> Lexicon:
    return Lexicon.load()


@cache
def content() -> Library:
    return library.load()


@cache
def rule_of(intent: str, thread: str | None) -> str | None:
    """The action that a rule gives this intent."""
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            first, second = rule["steps"][:2]
            if first.get("intent") == intent and _holds(rule, thread):
                return second["action"]
    return None


def _holds(rule: dict[str, Any], thread: str | None) -> bool:
    conditions = [
        value
        for one in rule.get("condition", [])
        for slot in one.get("slot_was_set", [])
        for name, value in slot.items()
        if name == "thread"
    ]
    return not conditions or thread in conditions


class Conversation:
    """Keeps the case from message to message."""

    def __init__(self, case: Case | None = None) -> None:
        self.case = case or Case()
        self.messages: list[Message] = []
        self.action: str | None = None

    def say(
        self, text: str, intent: str = "inform_details", topic: str = ""
    ) -> Conversation:
        """One message of the user, with the intent that a model might have guessed."""
        return self.hear(lexicon().read(text), text, intent, topic)

    def hear(
        self, reading: Reading, text: str = "words", intent: str = "inform_details",
        topic: str = "",
    ) -> Conversation:  # fmt: skip
        before = self.case
        heard = hearing.hear(before, reading, content(), intent)
        action = dialogue.next_action(before, heard, reading, text, intent, content())
        if action is not None:
            heard = dialogue.prepare(action, heard, content())
        self.action = action or rule_of(intent, heard.thread) or FALLBACK
        self._run(self.action, heard, intent, topic)
        return self

    def _run(self, name: str, case: Case, intent: str, topic: str) -> None:
        if name.startswith("utter_"):
            message = replies.make(name, case, content())
            assert message is not None, name
            self.messages, self.case = [message], case
            return
        latest = {
            "intent": {"name": intent},
            "response_selector": {
                "faq": {"response": {"intent_response_key": f"faq/{topic}"}}
            },
        }
        tracker = Tracker("me", {}, latest, [], False, None, {}, None)
        reply = action_classes()[name]().reply(case, tracker, content())
        self.messages, self.case = reply.messages, reply.case

    @property
    def items(self) -> list[str]:
        """Ids of what was said last."""
        return [item for m in self.messages for item in m.custom.get("items", ())]

    @property
    def question(self) -> str | None:
        """Id of the question that the last reply asks."""
        asked = [m.custom["question"] for m in self.messages if "question" in m.custom]
        return asked[0] if asked else None

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.messages)

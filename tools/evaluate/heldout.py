"""The held-out sets and what counts as right on them: data and pure functions."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.environment import ROOT
from wrist import library

HELDOUT = ROOT / "tests" / "heldout"
# Written before the training examples, and again by others when those were many.
QUESTIONS, LATER_QUESTIONS = QUESTION_SETS = ("questions", "questions_later")
DATA_VARIABLE = "EVAL_DATA"
FALLBACK = "nlu_fallback"
FAQ = "faq"

# `restart` is a name that Rasa has taken.
RENAMED = {"restart": "start_over"}

# Questions to the service itself: the intents, and the items a fresh reply then says.
SERVICE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    question: (frozenset(intents.split()), frozenset(items.split()))
    for question, intents, items in (
        ("Q141", "bot_challenge", "bot_challenge"),
        ("Q142", "ask_capabilities", "capabilities"),
        ("Q143", "ask_stored_data", "stored nothing_stored"),
        ("Q144", "delete_data", "delete_confirm"),
        ("Q145", "request_human", "referral_no_person"),
        ("Q146", "ask_why_question", "why_no_question"),
        ("Q147", "explain_advice", "no_advice_yet"),
        ("Q148", "ask_certainty", "certainty"),
        ("Q149", "request_summary", "summary_title"),
        ("Q150", "ask_emergency_number", "emergency_number"),
        ("Q151", "stop_massage start_over", "not_in_session stopped_check restart"),
        (
            "Q152",
            "give_positive_feedback give_negative_feedback",
            "feedback_good feedback_bad",
        ),
        ("Q153", "change_language", "change_language multi_card"),
    )
}

# Where the first article is dangerous: a wrong answer here can hurt somebody.
# These are the rows marked UNSAFE in the coverage list of the two articles.
UNSAFE: dict[str, str] = {
    "Q4": "massage is not for every kind of wrist pain",
    "Q47": "stroking the wrong way moves fluid into the hand",
    "Q63": "with lymph nodes removed, a wrong massage can bring on lymphoedema",
    "Q64": "massage can spread an infection",
    "Q66": "a leg or arm with bad veins may hide a clot",
    "Q67": "moving fluid can overload a weak heart",
    "Q68": "sudden swelling in pregnancy can be pre-eclampsia",
    "Q73": "a fresh operation wound can open",
    "Q79": "changed skin may be infected, burnt or a cancer",
    "Q99": "pregnancy needs a clinician's word first",
    "Q106": "deep pressure can harm nerves, vessels and thin bones",
}

SMALL_TALK = frozenset(
    {"greet", "goodbye", "thank", "affirm", "deny", "say_dont_know", "insult"}
    | {"bot_challenge", "ask_capabilities", "change_language", "express_worry"}
    | {"give_positive_feedback", "give_negative_feedback", "refuse_answer"}
)
NOT_OURS = frozenset({"out_of_scope", FALLBACK})

# What somebody else's labels may be called here.
SENTENCE_LABELS = {
    "report_pain": {"report_pain", "inform_details", "report_worsening"},
    "report_symptom": {"report_pain", "inform_details", "report_worsening"},
    "deny_symptom": {"deny", "inform_details"},
    "thank": {"thank"},
}


@dataclass(frozen=True)
class Phrasing:
    """One held-out sentence with the questions that it may be taken for."""

    question: str
    text: str
    accepted: tuple[str, ...]

    @property
    def is_unsafe(self) -> bool:
        return self.question in UNSAFE


def intents(folder: Path = HELDOUT) -> list[tuple[str, str]]:
    """Text and intent of each held-out sentence."""
    entries = _yaml(folder / "intents.yml").items()
    return [
        (text, RENAMED.get(name, name)) for name, texts in entries for text in texts
    ]


def questions(name: str = QUESTIONS, folder: Path = HELDOUT) -> list[Phrasing]:
    """Each held-out phrasing of the 153 questions, of one of the two sets."""
    return [
        Phrasing(number, phrasing["text"], (number, *phrasing.get("also", ())))
        for number, entry in _yaml(folder / f"{name}.yml").items()
        for phrasing in entry["phrasings"]
    ]


def topics() -> dict[str, set[str]]:
    """The answers that cover each question."""
    covering: dict[str, set[str]] = {}
    for answer in library.default().answers.values():
        for question in answer.covers:
            covering.setdefault(question, set()).add(answer.id)
    return covering


def accepted_labels(asked: Iterable[str], covering: dict[str, set[str]]) -> set[str]:
    """The intents that are right for any of these questions."""
    right: set[str] = set()
    for question in asked:
        right |= {f"{FAQ}/{topic}" for topic in covering.get(question, ())}
        right |= SERVICE.get(question, (frozenset(), frozenset()))[0]
    return right


def accepted_items(asked: Iterable[str], covering: dict[str, set[str]]) -> set[str]:
    """The content items that answer any of these questions."""
    right: set[str] = set()
    for question in asked:
        right |= covering.get(question, set())
        right |= SERVICE.get(question, (frozenset(), frozenset()))[1]
    return right


def label(parsed: dict[str, Any], *, before_fallback: bool = False) -> str:
    """The intent that a parse result names, `faq/<topic>` written out."""
    name = (parsed.get("intent") or {}).get("name") or FALLBACK
    if before_fallback and name == FALLBACK:
        ranking = [one["name"] for one in parsed.get("intent_ranking") or ()]
        name = next((one for one in ranking if one != FALLBACK), FALLBACK)
    if name != FAQ:
        return str(name)
    selectors = parsed.get("response_selector") or {}
    # Rasa's own selector stands under "default" where it was given no intent.
    selected = selectors.get(FAQ) or selectors.get("default") or {}
    return str((selected.get("response") or {}).get("intent_response_key") or FAQ)


def outside_data() -> Path | None:
    """The folder of the public samples, where one is named and exists."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named and Path(named).is_dir() else None


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of one public sample."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _yaml(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))

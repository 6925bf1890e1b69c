"""Every question of the articles and the service is answered, every claim corrected."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.actions.harness import action_classes
from tests.wrist.conversation import rule_of
from tools.environment import ROOT
from wrist import library, replies
from wrist.models import Severity, Status

LIBRARY = library.load()
COVERAGE: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "coverage.yml").read_text(encoding="utf-8")
)["questions"]
STATUS = {
    "OK": {Status.KEPT},
    "SOFT": {Status.HEDGED},
    "FIX": {Status.CORRECTED},
    "UNSAFE": {Status.CORRECTED},
    "CONFLICT": {Status.CORRECTED},
    "OOS": {Status.DECLINED},
    "GAP": {Status.ADDED},
}
# Questions to the service itself: which intents ask them.
SERVICE = {
    "Q141": ["bot_challenge"],
    "Q142": ["ask_capabilities"],
    "Q143": ["ask_stored_data"],
    "Q144": ["delete_data"],
    "Q145": ["request_human"],
    "Q146": ["ask_why_question"],
    "Q147": ["explain_advice"],
    "Q148": ["ask_certainty"],
    "Q149": ["request_summary"],
    "Q150": ["ask_emergency_number"],
    "Q151": ["stop_massage", "start_over"],
    "Q152": ["give_positive_feedback", "give_negative_feedback"],
    "Q153": ["change_language"],
}


def answering(question: str) -> list[str]:
    return [topic for topic, one in LIBRARY.answers.items() if question in one.covers]


def test_there_are_140_questions_of_the_articles_and_13_of_the_service() -> None:
    assert list(COVERAGE) == [f"Q{number}" for number in range(1, 141)]
    assert list(SERVICE) == [f"Q{number}" for number in range(141, 154)]


@pytest.mark.parametrize("question", COVERAGE)
def test_every_question_of_the_articles_has_one_answer(question: str) -> None:
    assert len(answering(question)) == 1, answering(question)


@pytest.mark.parametrize("question", SERVICE)
def test_every_question_to_the_service_leads_to_a_reply(question: str) -> None:
    for intent in SERVICE[question]:
        action = rule_of(intent, None)
        assert action, intent
        assert action in action_classes() or action in replies.names(), action


@pytest.mark.parametrize("question", COVERAGE)
def test_the_corrections_that_apply_stand_in_the_answer(question: str) -> None:
    answer = LIBRARY.answers[answering(question)[0]]
    missing = set(COVERAGE[question]["corrections"]) - set(answer.corrections)
    assert not missing, (answer.id, missing)


@pytest.mark.parametrize("question", COVERAGE)
def test_an_answer_says_what_became_of_the_articles_words(question: str) -> None:
    answer = LIBRARY.answers[answering(question)[0]]
    wanted = STATUS[COVERAGE[question]["status"]]
    used = {answer.status, *(s.status for s in (*answer.say, *answer.more) if s.status)}
    assert used & wanted, (answer.id, answer.status, wanted)


def seed_lines() -> list[str]:
    return sorted({line for one in COVERAGE.values() for line in one["seed"]})


@pytest.mark.parametrize("line", seed_lines())
def test_every_line_of_the_articles_is_answered(line: str) -> None:
    questions = [q for q, one in COVERAGE.items() if line in one["seed"]]
    assert any(answering(question) for question in questions)


def test_every_line_that_is_cited_exists_in_the_articles() -> None:
    """106 lines hold a statement; headings and empty lines are never cited."""
    known = set(seed_lines())
    assert len(known) == 106
    text = "\n".join(p.read_text("utf-8") for p in library.CONTENT.rglob("*.yml"))
    cited = set(re.findall(r"seed:([AB]:\d+)", text))
    assert cited <= known, sorted(cited - known)


def test_all_35_corrections_are_there_and_the_harmful_ones_marked() -> None:
    found = LIBRARY.corrections_by_ref
    assert sorted(found) == [f"C{number:02}" for number in range(1, 36)]
    high = {ref for ref, one in found.items() if one.severity is Severity.HIGH}
    assert high == {
        *("C02", "C03", "C10", "C16", "C17", "C18", "C19", "C20"),
        *("C23", "C25", "C27", "C28", "C30"),
    }


@pytest.mark.parametrize(
    "correction", LIBRARY.corrections.values(), ids=lambda c: c.ref
)
def test_a_correction_quotes_recognisably_and_gives_a_reason(correction: Any) -> None:
    assert correction.claim and correction.why
    assert re.search(r"\barticles?\b", correction.claim), "it says whose claim it is"
    for pattern in correction.never_say:
        re.compile(pattern)
    assert correction.never_say, "nothing keeps the claim from being said"


def test_unsafe_questions_are_those_that_the_evaluation_counts() -> None:
    from tools.evaluate import heldout

    unsafe = {q for q, one in COVERAGE.items() if one["status"] == "UNSAFE"}
    assert unsafe == set(heldout.UNSAFE)


def test_held_out_phrasings_exist_for_every_question() -> None:
    path = ROOT / "tests" / "heldout" / "questions.yml"
    held = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert not {*COVERAGE, *SERVICE} - set(held)

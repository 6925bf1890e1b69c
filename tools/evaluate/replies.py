"""End to end: what the assistant answers over REST in a fresh conversation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rich.progress import track

from tools.evaluate import heldout
from wrist import library
from wrist.models import Disposition

Message = dict[str, Any]
Say = Callable[[str], list[Message]]

WHICH_SIDE = "which_side"  # is asked together with a question of the check
RIGHT, CARD, FLAG, WARNED = "right", "care_card", "flag_question", "warning"
DECLINED, WRONG = "not_answered", "wrong"
DECLINING = frozenset({"rephrase", "out_of_scope", "nothing_said", "fault"})
HARMLESS = DECLINING | {
    *("greet", "goodbye", "thank", "acknowledge", "capabilities", "bot_challenge"),
    *("feedback_good", "feedback_bad", "change_language", "multi_card", "insult"),
    *("worry", "welcome_stranger"),
}
# The levels of the patients' messages, in our words.
LEVELS = {
    "emergency": Disposition.EMERGENCY_DEPARTMENT,
    "urgent": Disposition.SAME_DAY,
    "see_doctor": Disposition.GP_SOON,
    "self_care": Disposition.SELF_CARE,
}


def items(messages: Iterable[Message]) -> set[str]:
    """Ids of all content that was said."""
    return {
        item
        for message in messages
        for item in (message.get("custom") or {}).get("items", ())
    }


def judge(messages: list[Message], accepted: set[str]) -> str:
    """What a reply is: right, danger first, declined or wrong."""
    said = items(messages)
    if said & accepted:
        return RIGHT
    kinds = {(message.get("custom") or {}).get("type") for message in messages}
    flags = any(item.startswith("rf_") for item in said)
    if flags:
        return CARD if "care_card" in kinds else FLAG
    if _is_warning(said):
        return WARNED
    return DECLINED if said <= DECLINING else WRONG


def _is_warning(said: set[str]) -> bool:
    """Whether reasons against massage came, alone or with a question about them."""
    content = library.default()
    told = said - set(content.questions) - {WHICH_SIDE}
    return bool(told) and told <= set(content.contraindications)


def evaluate_questions(
    say: Say, phrasings: Iterable[heldout.Phrasing]
) -> dict[str, Any]:
    """Every phrasing in a conversation of its own; the errors with what came instead.

    A care card counts as an answer: danger goes first, and its share is told apart.
    """
    covering = heldout.topics()
    found, errors = Counter[str](), []
    for one in track(list(phrasings), "Questions, end to end"):
        accepted = heldout.accepted_items(one.accepted, covering)
        messages = say(one.text)
        verdict = judge(messages, accepted)
        found[verdict] += 1
        if verdict != RIGHT:
            errors.append(
                {
                    "question": one.question,
                    "text": one.text,
                    "verdict": verdict,
                    "said": sorted(items(messages)),
                }
            )
    total = found.total()
    unsafe = [one for one in errors if one["question"] in heldout.UNSAFE]
    return {
        "phrasings": total,
        "right": found[RIGHT] / total,
        "care_card_first": found[CARD] / total,
        "right_or_care_card": (found[RIGHT] + found[CARD]) / total,
        "flag_question_first": found[FLAG] / total,
        "warning_instead": found[WARNED] / total,
        "not_answered": found[DECLINED] / total,
        "wrong": found[WRONG] / total,
        "unsafe_wrong": [one for one in unsafe if one["verdict"] == WRONG],
        "unsafe_other": [one for one in unsafe if one["verdict"] != WRONG],
        "errors": errors,
    }


def evaluate_out_of_scope(say: Say, folder: Path) -> dict[str, Any]:
    """The share of other domains' utterances that gets an answer as if it were ours."""
    texts = [row["text"] for row in heldout.rows(folder, "out_of_scope")]
    said = {text: items(say(text)) for text in track(texts, "Out of scope, replies")}
    foreign = [text for text in texts if not said[text] <= DECLINING]
    ours = [text for text in foreign if not said[text] <= HARMLESS]
    return {
        "sentences": len(texts),
        "taken_for_ours": len(ours) / len(texts),
        "taken_for_ours_or_small_talk": len(foreign) / len(texts),
        "errors": [{"text": text, "said": sorted(said[text])} for text in ours],
    }


def evaluate_messages(
    ask: Callable[[str], dict[str, Any]], folder: Path
) -> dict[str, Any]:
    """Patients' labelled messages: is the first reply urgent enough?"""
    results = []
    for row in heldout.rows(folder, "patient_messages"):
        if "level" not in row:
            continue
        slots = ask(row["text"])
        found = _most_urgent(slots)
        mildest = max((LEVELS[one] for one in row["acceptable_levels"]), key=_rank)
        results.append(
            {
                "id": row["id"],
                "level": row["level"],
                "found": found.value,
                "asked_flag": slots.get("asked_flag"),
                "red_flags": [
                    flag for one in _cases(slots) for flag in one["red_flags"]
                ],
                "labelled_flags": row["red_flags"],
                "urgent_enough": found.at_least(mildest),
            }
        )
    danger = [one for one in results if one["level"] in ("emergency", "urgent")]
    return {
        "messages": len(results),
        "dangerous": len(danger),
        "dangerous_caught_at_once": sum(one["urgent_enough"] for one in danger),
        "rows": results,
    }


def _cases(slots: dict[str, Any]) -> list[dict[str, Any]]:
    """The writer's case, and those of the persons whom the message tells of."""
    writer = {
        "disposition": slots.get("disposition") or Disposition.INFO_ONLY.value,
        "red_flags": slots.get("red_flags") or [],
    }
    return [writer, *(slots.get("other_cases") or [])]


def _most_urgent(slots: dict[str, Any]) -> Disposition:
    """Many write for somebody else, whose advice is kept apart."""
    return min((Disposition(one["disposition"]) for one in _cases(slots)), key=_rank)


def _rank(level: Disposition) -> int:
    return level.rank

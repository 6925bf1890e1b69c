"""Turns a ranking into the shapes that Rasa's policies and actions read (pure)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME

DELIMITER = "/"
Output = dict[str, Any]


def for_ranking(labels: Sequence[str], row: np.ndarray, length: int) -> Output:
    """`intent`, `intent_ranking` and `response_selector` as Rasa's own components do.

    `faq/<topic>` stands as `faq` in the ranking of intents, with the confidence of the
    best topic; which topic that is says the response selector, whatever the intent.
    """
    intents: dict[str, float] = {}
    parts = _parts(tuple(labels))
    topics: dict[str, list[Output]] = {name: [] for name, topic in parts if topic}
    for index in np.argsort(-row, kind="stable"):
        intent, topic = parts[index]
        confidence = round(float(row[index]), 5)
        if len(intents) < length:
            intents.setdefault(intent, confidence)
        if topic and len(topics[intent]) < length:
            topics[intent].append(
                {"intent_response_key": str(labels[index]), "confidence": confidence}
            )
        if all(len(found) >= length for found in (intents, *topics.values())):
            break  # what follows is in no list
    order = [{"name": name, "confidence": sure} for name, sure in intents.items()]
    output: Output = {"intent": dict(order[0]), "intent_ranking": order}
    if topics:
        output["response_selector"] = _selector(topics)
    return output


@cache
def _parts(labels: tuple[str, ...]) -> list[tuple[str, str]]:
    """Intent and topic of each label."""
    split = [label.partition(DELIMITER) for label in labels]
    return [(intent, topic) for intent, _, topic in split]


def with_fallback(output: Output) -> Output:
    """The same with `nlu_fallback` put first, as Rasa's FallbackClassifier puts it."""
    sure = 1.0 - output["intent"]["confidence"]
    fallback = {
        "name": DEFAULT_NLU_FALLBACK_INTENT_NAME,
        "confidence": round(sure, 5),
    }
    return {
        **output,
        "intent": fallback,
        "intent_ranking": [dict(fallback), *output["intent_ranking"]],
    }


def _selector(topics: dict[str, list[Output]]) -> Output:
    selector: Output = {"all_retrieval_intents": sorted(topics)}
    for intent, order in topics.items():
        best = order[0]
        response = {
            "responses": [],
            **best,
            "utter_action": f"utter_{best['intent_response_key']}",
        }
        selector[intent] = {"response": response, "ranking": order}
    return selector

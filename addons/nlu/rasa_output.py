"""Turns a ranking into the shapes that Rasa's policies and actions read (pure)."""

from functools import cache
from typing import Any

import numpy as np
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME

DELIMITER = "/"
Output = dict[str, Any]


def for_ranking(labels: tuple[str, ...], row: np.ndarray, length: int) -> Output:
    """`intent`, `intent_ranking` and `response_selector` as Rasa's own components do.

    `faq/<topic>` stands as `faq` in the ranking of intents, with the confidence of the
    best topic; which topic that is says the response selector, whatever the intent.
    """
    intents: dict[str, float] = {}
    parts, retrieval = _parts(labels)
    topics: dict[str, list[Output]] = {name: [] for name in retrieval}
    for index in np.argsort(-row, kind="stable").tolist():
        intent, topic = parts[index]
        confidence = round(float(row[index]), 5)
        if len(intents) < length:
            intents.setdefault(intent, confidence)
        if topic and len(topics[intent]) < length:
            topics[intent].append(
                {"intent_response_key": labels[index], "confidence": confidence}
            )
        if len(intents) >= length and all(
            len(found) >= length for found in topics.values()
        ):
            break  # what follows is in no list
    order = [{"name": name, "confidence": sure} for name, sure in intents.items()]
    output: Output = {"intent": dict(order[0]), "intent_ranking": order}
    if topics:
        output["response_selector"] = _selector(topics)
    return output


@cache
def _parts(labels: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[str]]:
    """Intent and topic of each label, and the intents that have topics."""
    split = [label.partition(DELIMITER) for label in labels]
    parts = [(intent, topic) for intent, _, topic in split]
    return parts, sorted({intent for intent, topic in parts if topic})


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
    selector: Output = {"all_retrieval_intents": list(topics)}
    for intent, order in topics.items():
        best = order[0]
        response = {
            "responses": [],
            **best,
            "utter_action": f"utter_{best['intent_response_key']}",
        }
        selector[intent] = {"response": response, "ranking": order}
    return selector

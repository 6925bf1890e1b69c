"""Turns a ranking into the shapes that Rasa's policies and actions read (pure)."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME

DELIMITER = "/"
Output = dict[str, Any]


def for_ranking(labels: tuple[str, ...], row: np.ndarray, length: int) -> Output:
    """`intent`, `intent_ranking` and `response_selector` as Rasa's own components do.

    `faq/<topic>` stands as `faq` in the ranking of intents, with the confidence of the
    best topic; which topic that is says the response selector, whatever the intent.
    """
    groups = _groups(labels)
    surest = np.maximum.reduceat(row, groups.starts)
    order = [
        {"name": groups.intents[index], "confidence": confidence}
        for index, confidence in _first(surest, length)
    ]
    topics = {
        intent: [
            {"intent_response_key": labels[start + index], "confidence": confidence}
            for index, confidence in _first(row[start:end], length)
        ]
        for intent, start, end in groups.retrieval
    }
    output: Output = {"intent": dict(order[0]), "intent_ranking": order}
    if topics:
        output["response_selector"] = _selector(topics)
    return output


def _first(row: np.ndarray, length: int) -> list[tuple[int, float]]:
    """The highest values with their places, as JSON has them."""
    best = np.argsort(-row, kind="stable")[:length]
    return [
        (index, round(value, 5))
        for index, value in zip(best.tolist(), row[best].tolist(), strict=True)
    ]


class Groups(NamedTuple):
    """Where the labels of each intent stand; sorted, they stand together."""

    intents: list[str]
    starts: np.ndarray
    retrieval: list[tuple[str, int, int]]  # intent, first label, one after the last


@cache
def _groups(labels: tuple[str, ...]) -> Groups:
    intents = [label.partition(DELIMITER)[0] for label in labels]
    names = list(dict.fromkeys(intents))
    starts = [intents.index(name) for name in names]
    ends = [*starts[1:], len(labels)]
    if any(len(set(intents[a:b])) > 1 for a, b in zip(starts, ends, strict=True)):
        raise ValueError("the labels of a ranking must be sorted")
    retrieval = [
        (name, start, end)
        for name, start, end in zip(names, starts, ends, strict=True)
        if DELIMITER in labels[start]
    ]
    return Groups(names, np.array(starts), retrieval)


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


def not_understood() -> Output:
    """What stands for a message that no ranking could be made of."""
    fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0}
    return {"intent": fallback, "intent_ranking": [dict(fallback)]}


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

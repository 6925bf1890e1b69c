"""The language part alone: the model in this process, without servers."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rich.progress import track
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from tools.evaluate import heldout
from tools.rasa_command import import_rasa

Parse = Callable[[str], dict[str, Any]]
NOT_AN_INTENT = "(faq or fallback)"


def load(model: Path) -> Parse:
    """A function that parses a text with this model."""
    import_rasa()
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)

    agent = Agent.load(model_path=str(model))
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))


def evaluate_intents(
    parse: Parse, sentences: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """Accuracy, F1 by intent, confusion matrix and the errors on `sentences`."""
    pairs = list(sentences)
    parsed = [parse(text) for text, _ in track(pairs, "Held-out intents")]
    wanted = [intent for _, intent in pairs]
    found = [heldout.label(one) for one in parsed]
    first = [heldout.label(one, before_fallback=True) for one in parsed]
    return {
        "sentences": len(pairs),
        "accuracy": _share_equal(wanted, found),
        "accuracy_before_fallback": _share_equal(wanted, first),
        **f1_scores(wanted, found),
        "errors": [
            {"text": text, "wanted": intent, "found": label}
            for (text, intent), label in zip(pairs, found, strict=True)
            if intent != label
        ],
    }


def f1_scores(wanted: list[str], found: list[str]) -> dict[str, Any]:
    """F1 of each intent, macro and weighted, and the confusion matrix."""
    names = sorted(set(wanted))
    precision, recall, f1, support = precision_recall_fscore_support(
        wanted, found, labels=names, zero_division=0
    )
    columns = [*names, NOT_AN_INTENT]
    seen = [one if one in names else NOT_AN_INTENT for one in found]
    matrix = confusion_matrix(wanted, seen, labels=columns)[: len(names)]
    return {
        "macro_f1": float(f1.mean()),
        "weighted_f1": float((f1 * support).sum() / support.sum()),
        "by_intent": {
            name: {
                "precision": float(precision[i]),
                "recall": float(recall[i]),
                "f1": float(f1[i]),
                "sentences": int(support[i]),
            }
            for i, name in enumerate(names)
        },
        "confusion": {
            "rows": names,
            "columns": columns,
            "counts": matrix.tolist(),
        },
    }


def evaluate_questions(
    parse: Parse, phrasings: Iterable[heldout.Phrasing]
) -> dict[str, Any]:
    """The share of phrasings whose label is one of those accepted, and the errors."""
    covering = heldout.topics()
    errors, total = [], 0
    for one in track(list(phrasings), "Questions, language part"):
        total += 1
        found = heldout.label(parse(one.text))
        if found not in heldout.accepted_labels(one.accepted, covering):
            errors.append({"question": one.question, "text": one.text, "found": found})
    return {
        "phrasings": total,
        "right": 1 - len(errors) / total,
        "understood_wrongly": sum(e["found"] != heldout.FALLBACK for e in errors),
        "not_understood": sum(e["found"] == heldout.FALLBACK for e in errors),
        "errors": errors,
    }


def evaluate_out_of_scope(parse: Parse, folder: Path) -> dict[str, Any]:
    """The share of other domains' utterances that is taken for ours."""
    texts = [row["text"] for row in heldout.rows(folder, "out_of_scope")]
    found = {text: heldout.label(parse(text)) for text in track(texts, "Out of scope")}
    foreign = [one for one in texts if found[one] not in heldout.NOT_OURS]
    ours = [one for one in foreign if found[one] not in heldout.SMALL_TALK]
    return {
        "sentences": len(texts),
        "taken_for_ours": len(ours) / len(texts),
        "taken_for_ours_or_small_talk": len(foreign) / len(texts),
        "errors": [{"text": text, "found": found[text]} for text in ours],
    }


def evaluate_sentences(parse: Parse, folder: Path) -> dict[str, Any]:
    """Sentences of patients whose label has a counterpart here; for information."""
    hits, totals, errors = Counter[str](), Counter[str](), []
    for row in heldout.rows(folder, "patient_sentences"):
        wanted = heldout.SENTENCE_LABELS.get(row["label"])
        if wanted is None:
            continue
        found = heldout.label(parse(row["text"]))
        totals[row["label"]] += 1
        hits[row["label"]] += found in wanted
        if found not in wanted:
            errors.append({"text": row["text"], "label": row["label"], "found": found})
    return {
        "sentences": totals.total(),
        "right": hits.total() / max(1, totals.total()),
        "by_label": {name: hits[name] / count for name, count in totals.items()},
        "errors": errors,
    }


def _share_equal(wanted: list[str], found: list[str]) -> float:
    return sum(map(str.__eq__, wanted, found)) / len(wanted)

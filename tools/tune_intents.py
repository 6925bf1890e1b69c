"""Weighs the parts of the intent classifier, by cross-validation of data/nlu alone.

    python -m tools.tune_intents            shares, thresholds, figures
    python -m tools.tune_intents --heldout  also the held-out sets: never tune on these

What it finds stands in config.yml; held-out figures are for the reader.
"""

from __future__ import annotations

import argparse
import json
import os
from itertools import pairwise, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from sklearn.model_selection import StratifiedKFold

import encoder
from addons.nlu import clauses, ranking, vector_cache

ROOT = Path(__file__).parents[1]
FOLDS = 4
# Since the frozen sets were written: Rasa keeps the name `restart` for itself.
RENAMED = {"restart": "start_over"}
CLASSIFIER = "LinearIntentClassifier"
KEPT = (0.98, 0.97, 0.96, 0.95, 0.94)
NGRAM_SHARES = (0.0, 2.0, 3.5, 5.0, 6.5, 8.0)
NEAREST_SHARES = (0.0, 4.0, 6.0, 8.0)
# Answers to these do no harm where somebody talked of something else.
HARMLESS = frozenset(
    """greet goodbye thank affirm deny say_dont_know refuse_answer insult bot_challenge
    ask_capabilities change_language request_human start_over give_positive_feedback
    give_negative_feedback next_step previous_step repeat_step skip_step pause_massage
    resume_massage stop_massage ask_steps_left give_consent withdraw_consent
    ask_stored_data delete_data ask_emergency_number""".split()  # noqa: SIM905
)
DIALOGUE = dict(  # questions of the held-out set that are intents, not topics
    zip(
        (f"Q{number}" for number in range(141, 154)),
        """bot_challenge ask_capabilities ask_stored_data delete_data request_human
        ask_why_question explain_advice ask_certainty request_summary
        ask_emergency_number start_over give_positive_feedback
        change_language""".split(),  # noqa: SIM905
        strict=True,
    )
)


class Example(NamedTuple):
    """A text and the intents that would be right."""

    text: str
    right: frozenset[str]


def training_examples(folder: Path = ROOT / "data" / "nlu") -> list[tuple[str, str]]:
    """Text and full intent of every example."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block.get("examples", "").splitlines():
                if "intent" in block and line.strip().startswith("- "):
                    found.append((line.strip()[2:].strip(), block["intent"]))
    return found


def heldout_questions(topics: dict[str, str]) -> list[Example]:
    path = ROOT / "tests" / "heldout" / "questions.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Example(
            one["text"], frozenset(topics[q] for q in [number, *one.get("also", [])])
        )
        for number, question in content.items()
        for one in question["phrasings"]
    ]


def heldout_intents() -> list[Example]:
    path = ROOT / "tests" / "heldout" / "intents.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Example(text, frozenset([RENAMED.get(intent, intent)]))
        for intent, texts in content.items()
        for text in texts
    ]


def encode(texts: list[str]) -> np.ndarray:
    path = vector_cache.cache_file(encoder.fingerprint())
    return vector_cache.encode_cached(texts, encoder.Encoder.load().encode, path)


class Read(NamedTuple):
    """What a model says of some texts, before any share or threshold."""

    linear: np.ndarray
    written: np.ndarray
    near: np.ndarray


def read(
    model: ranking.IntentModel,
    texts: list[str],
    vectors: np.ndarray,
    settings: ranking.Settings,
) -> Read:
    linear = ranking.linear_scores(model, vectors)
    written = ranking.written_scores(model, texts)
    scores = ranking.add(linear, written, settings)
    return Read(linear, written, ranking.nearest(model, vectors, scores))


def cross_validate(
    texts: list[str],
    vectors: np.ndarray,
    labels: np.ndarray,
    settings: ranking.Settings,
) -> Read:
    """Every example as seen by a model that was not trained on it."""
    width = len(np.unique(labels))
    parts = [np.empty((len(texts), width), np.float32) for _ in Read._fields]
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for learn, ask in split.split(vectors, labels):
        model = ranking.fit(
            [texts[i] for i in learn], vectors[learn], labels[learn], settings
        )
        seen = read(model, [texts[i] for i in ask], vectors[ask], settings)
        for part, values in zip(parts, seen, strict=True):
            part[ask] = values
    return Read(*parts)


def figures(
    names: np.ndarray, seen: Read, settings: ranking.Settings
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and evidence of each text."""
    scores = ranking.add(seen.linear, seen.written, settings)
    rows = ranking.fuse(scores, seen.near, settings)
    evidence = [
        ranking.evidence(names, row, near)
        for row, near in zip(rows, seen.near, strict=True)
    ]
    return rows, np.array(evidence)


def report(name: str, values: dict[str, float]) -> None:
    print(
        f"{name:<28}", "  ".join(f"{key} {value:.4f}" for key, value in values.items())
    )


def tune(settings: ranking.Settings) -> None:
    examples = training_examples()
    texts = [text for text, _ in examples]
    labels = np.array([label for _, label in examples])
    names, numbers = np.unique(labels, return_inverse=True)
    seen = cross_validate(texts, encode(texts), labels, settings)
    for written, near in product(NGRAM_SHARES, NEAREST_SHARES):
        trial = settings._replace(ngram_share=written, nearest_share=near)
        rows, _ = figures(names, seen, trial)
        right = (rows.argmax(axis=1) == numbers).mean()
        report(f"ngram {written} nearest {near}", {"right": right})
    rows, evidence = figures(names, seen, settings)
    ours = labels != ranking.OUT_OF_SCOPE
    top = rows.argmax(axis=1)
    report("sure and right", _calibration(rows, top == numbers))
    for kept in KEPT:
        threshold = float(np.quantile(evidence[ours], 1 - kept))
        taken = (evidence >= threshold) & (names[top] != ranking.OUT_OF_SCOPE)
        values = {
            "evidence": threshold,
            "right": float((taken & (top == numbers))[ours].mean()),
            "others taken": float(taken[~ours].mean()),
        }
        report(f"keeping {kept:.2f} of ours", values)


def _calibration(rows: np.ndarray, right: np.ndarray) -> dict[str, float]:
    sure = rows.max(axis=1)
    edges = [0.0, 0.2, 0.4, 0.6, 0.8, 1.01]
    return {
        f"{low:.1f}+": float(right[(sure >= low) & (sure < high)].mean())
        for low, high in pairwise(edges)
    }


def heldout(settings: ranking.Settings, thresholds: ranking.Thresholds) -> None:
    """Figures on sets that nothing was tuned on."""
    examples = training_examples()
    texts = [text for text, _ in examples]
    model = ranking.fit(
        texts, encode(texts), [label for _, label in examples], settings
    )
    topics = {**_topics(), **DIALOGUE}
    for name, some in (
        ("questions", heldout_questions(topics)),
        ("intents", heldout_intents()),
    ):
        report(name, _score(model, some, settings, thresholds))
    folder = os.environ.get("EVAL_DATA")
    if not folder:
        print("EVAL_DATA is not set: out_of_scope.jsonl was left out")
        return
    lines = (Path(folder) / "out_of_scope.jsonl").read_text().splitlines()
    answers = [
        answer(model, json.loads(line)["text"], settings, thresholds) for line in lines
    ]
    taken = [one for one in answers if one not in ("nlu_fallback", "out_of_scope")]
    harmless = sum(one in HARMLESS for one in taken)
    values = {
        "taken": (len(taken) - harmless) / len(answers),
        "harmless": harmless / len(answers),
    }
    report("out of scope", values)


def _topics() -> dict[str, str]:
    """The topic of each question, from the content's `covers`."""
    found: dict[str, str] = {}
    for path in (ROOT / "wrist" / "content" / "answers").glob("*.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["answers"]:
            for number in entry.get("covers", []):
                found.setdefault(number, f"faq/{entry['id']}")
    return found


def _score(
    model: ranking.IntentModel,
    some: list[Example],
    settings: ranking.Settings,
    thresholds: ranking.Thresholds,
) -> dict[str, float]:
    first, answered, unsure = 0, 0, 0
    for one in some:
        ranked = rank(model, one.text, settings)
        label = str(model.labels[ranked.confidences.argmax()])
        understood = ranking.is_understood(ranked, thresholds)
        nothing = one.right == {"out_of_scope"}
        first += label in one.right
        answered += label in one.right and (understood or nothing)
        unsure += not understood and not nothing
    return {
        "first": first / len(some),
        "right": answered / len(some),
        "fallback": unsure / len(some),
    }


def rank(
    model: ranking.IntentModel, text: str, settings: ranking.Settings
) -> ranking.Ranked:
    parts = clauses.of_message(text)
    every = [text, *(part.text for part in parts)]
    asks = [part.asks for part in parts]
    return ranking.rank_message(
        model, ranking.written_scores(model, every), encode(every), asks, settings
    )


def answer(
    model: ranking.IntentModel,
    text: str,
    settings: ranking.Settings,
    thresholds: ranking.Thresholds,
) -> str:
    ranked = rank(model, text, settings)
    if not ranking.is_understood(ranked, thresholds):
        return "nlu_fallback"
    return str(model.labels[ranked.confidences.argmax()])


def configured() -> tuple[ranking.Settings, ranking.Thresholds]:
    """What config.yml says."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text())["pipeline"]
    [given] = [
        one for one in pipeline if one["name"].endswith("LinearIntentClassifier")
    ]
    settings = {key: given[key] for key in ranking.Settings._fields if key in given}
    thresholds = {key: given[f"{key}_threshold"] for key in ranking.Thresholds._fields}
    return ranking.Settings(**settings), ranking.Thresholds(**thresholds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--heldout", action="store_true", help="only these figures")
    settings, thresholds = configured()
    if parser.parse_args().heldout:
        heldout(settings, thresholds)
    else:
        tune(settings)


if __name__ == "__main__":
    main()

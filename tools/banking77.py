"""Few-shot accuracy of our intent components on Banking77: the public yardstick.

    EVAL_DATA=<folder with banking77_*.csv> python -m tools.banking77 [examples]

Trains and asks the pipeline's own classes, unchanged, as `rasa train nlu` does.
Fallback is off, so that the first of the ranking counts.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.nlu.embedding import SentenceEmbeddingFeaturizer
from addons.nlu.intent_classifier import LinearIntentClassifier
from tools.tune_intents import configured

SEEDS = (0, 1, 2, 3, 4)
EXAMPLES = 10
Rows = list[tuple[str, str]]


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def sample(some: Rows, seed: int, examples: int) -> Rows:
    """`examples` of every intent, drawn by `seed`."""
    rng = np.random.default_rng(seed)
    by_intent: dict[str, Rows] = {}
    for row in some:
        by_intent.setdefault(row[1], []).append(row)
    return [
        by_intent[intent][i]
        for intent in sorted(by_intent)
        for i in rng.permutation(len(by_intent[intent]))[:examples]
    ]


def train(some: Rows, folder: Path) -> LinearIntentClassifier:
    """The classifier as a server would load it after training on these rows."""
    settings, _ = configured()
    config = {**settings._asdict(), "fallback": False}
    storage, resource = LocalModelStorage.create(folder), Resource("classifier")
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    data = TrainingData([Message.build(text, intent) for text, intent in some])
    data = featurizer(folder).process_training_data(data)
    LinearIntentClassifier.create(config, storage, resource, context).train(data)
    return LinearIntentClassifier.load(config, storage, resource, context)


def featurizer(folder: Path) -> SentenceEmbeddingFeaturizer:
    return SentenceEmbeddingFeaturizer.create(
        SentenceEmbeddingFeaturizer.get_default_config(),
        LocalModelStorage.create(folder),
        Resource("featurizer"),
        ExecutionContext(GraphSchema({}), node_name="featurizer"),
    )


def accuracy(classifier: LinearIntentClassifier, asked: list[Message]) -> float:
    """How often the first of the ranking is right; `asked` hold the truth."""
    right = 0
    for message in asked:
        again = Message({**message.data}, features=list(message.features))
        classifier.process([again])
        right += again.get(INTENT)[INTENT_NAME_KEY] == message.get("truth")
    return right / len(asked)


def measure(folder: Path, examples: int = EXAMPLES) -> Iterator[float]:
    """The accuracy for each seed in turn; `folder` has banking77_*.csv."""
    learn = rows(folder / "banking77_train.csv")
    asked = [
        Message({TEXT: text, "truth": intent})
        for text, intent in rows(folder / "banking77_test.csv")
    ]
    with tempfile.TemporaryDirectory() as scratch:
        featurizer(Path(scratch)).process(asked)
        for seed in SEEDS:
            place = Path(scratch) / str(seed)
            place.mkdir()
            yield accuracy(train(sample(learn, seed, examples), place), asked)


def main() -> None:
    folder = os.environ.get("EVAL_DATA")
    if not folder:
        sys.exit("EVAL_DATA is not set: it names the folder with banking77_*.csv")
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    found = []
    for seed, value in zip(SEEDS, measure(Path(folder), examples), strict=True):
        print(f"seed {seed}: {value:.4f}", flush=True)
        found.append(value)
    print(f"mean {np.mean(found):.4f}, {examples} examples an intent")


if __name__ == "__main__":
    main()

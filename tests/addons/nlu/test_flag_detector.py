"""What fails beside the rules takes nothing from them; what was taught is noticed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from addons.nlu import char_ngrams, clauses, flag_detector, flag_sentences
from addons.nlu.embedding import SentenceEmbeddingFeaturizer
from addons.nlu.findings import FAILED, FINDINGS, FindingsExtractor
from addons.nlu.flag_detector import FlagDetector
from addons.nlu.flag_model import Calibration, FlagModel, Odds
from encoder import Encoder
from wrist import lexicon

DANGER = "my fingers have gone blue since i fell and i am scared"
FLAGS = ("rf_bite", "rf_stroke")
AS_SCORED = Calibration(of_branch=1.0, of_ngrams=0.0, offset=0.0)
NGRAMS = char_ngrams.fit(
    ["a bite", "a stroke"],
    wanted=np.array([[1, 0, 0], [0, 1, 1]]),
    emphasis=np.ones((2, 3)),
)
MODEL = FlagModel(b"", NGRAMS, FLAGS, AS_SCORED, AS_SCORED)


class Broken:
    """A graph that cannot be run."""

    def run(self, *_: object) -> None:
        raise RuntimeError(DANGER)


class Scores:
    """A branch that finds every flag as likely as not."""

    def run(self, *_: object) -> list[np.ndarray]:
        return [np.zeros((1, len(FLAGS) + 1), np.float32)]


def fail(*_: object, **__: object) -> None:
    raise RuntimeError(DANGER)


def the_encoder_cannot_begin(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Encoder.load()._tokens, "with_places", fail)


def the_encoder_breaks_while_others_read(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Encoder.load(), "_session", Broken())


def the_branch_breaks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Encoder.load(), "_branch", Broken())


def weighing_breaks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Encoder.load(), "_branch", Scores())
    patch.setattr(flag_detector.likeness, "findings", fail)


FAILURES = [
    the_encoder_cannot_begin,
    the_encoder_breaks_while_others_read,
    the_branch_breaks,
    weighing_breaks,
]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Message]:
    """The components that look for danger, in the order of config.yml."""
    storage, resource = LocalModelStorage.create(tmp_path), Resource("any")
    detector = FlagDetector(FlagDetector.get_default_config(), storage, resource)
    detector._model = MODEL  # what it is given when it is loaded, without a branch
    components = (
        SentenceEmbeddingFeaturizer(
            SentenceEmbeddingFeaturizer.get_default_config(), "embedding"
        ),
        FindingsExtractor(storage, resource, lexicon.default()),
        detector,
    )

    def parse(text: str) -> Message:
        messages = [Message({TEXT: text})]
        for component in components:
            messages = component.process(messages)
        return messages[0]

    return parse


def by_rules(message: Message) -> dict[str, str]:
    return {
        one["id"]: one["status"] for one in message.get(FINDINGS) if "by" not in one
    }


@pytest.mark.parametrize("failure", FAILURES, ids=lambda one: one.__name__)
def test_what_the_rules_found_stays_when_the_rest_fails(
    read: Callable[[str], Message],
    failure: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    known = lexicon.default().read(DANGER).findings
    failure(monkeypatch)
    message = read(DANGER)
    assert by_rules(message) == {one.id: one.status.value for one in known}
    assert by_rules(message)["blue_hand"] == "present"
    assert not message.get(FAILED), "the rules have read it"
    assert "RuntimeError" in caplog.text and "blue" not in caplog.text


def test_a_detector_that_works_adds_to_what_the_rules_found(
    read: Callable[[str], Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Encoder.load(), "_branch", Scores())
    likely = {one["id"] for one in read(DANGER).get(FINDINGS) if "by" in one}
    assert likely & set(FLAGS), "else the failures above break what is never run"


def test_each_passage_is_weighed_with_its_own_words(
    read: Callable[[str], Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Encoder.load(), "_branch", Scores())
    given: list[list[str]] = []

    def odds(self: FlagModel, texts: list[str], scores: np.ndarray) -> Odds:
        given.append(texts)
        return Odds(np.full((len(texts), 2), 0.01), np.full(len(texts), 0.01))

    monkeypatch.setattr(FlagModel, "odds", odds)
    text = "we walked along the river and had tea. " * 15 + DANGER
    read(text)
    assert given[0] == [one.text for one in clauses.passages(text)]
    assert len(given[0]) > 1
    assert [DANGER] in given[1:], "what is doubted is read alone"


def one_sentence_more(folder: Path) -> None:
    with (folder / "rf_stroke.tsv").open("a", encoding="utf-8") as stream:
        stream.write("fire\tplain\t-\tmy smile is only on one side\n")


def one_letter_changed(folder: Path) -> None:
    file = folder / "everyday.tsv"
    text = file.read_bytes()
    file.write_bytes(text[:-2] + bytes([text[-2] ^ 1]) + text[-1:])


def one_file_lost(folder: Path) -> None:
    (folder / "rf_bite.tsv").unlink()


def one_file_more(folder: Path) -> None:
    (folder / "rf_new.tsv").write_text("\t".join(flag_sentences.COLUMNS) + "\n")


def two_files_for_each_other(folder: Path) -> None:
    one, other = folder / "rf_bite.tsv", folder / "rf_stroke.tsv"
    text = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(text)


CHANGES = [
    one_sentence_more,
    one_letter_changed,
    one_file_lost,
    one_file_more,
    two_files_for_each_other,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_other_sentences_train_again(
    change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "flags"
    shutil.copytree(flag_sentences.FOLDER, folder)
    in_copy = partial(flag_sentences.files, folder)
    monkeypatch.setattr(flag_sentences, "files", in_copy)
    before = FlagDetector.fingerprint_addon({})
    assert FlagDetector.fingerprint_addon({}) == before
    change(folder)
    assert FlagDetector.fingerprint_addon({}) != before

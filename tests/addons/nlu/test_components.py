"""The NLU components as Rasa makes and runs them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import (
    YAMLStoryReader,
)
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.nlu import findings as findings_module
from addons.nlu import intent_classifier, ranking
from addons.nlu.embedding import SentenceEmbeddingFeaturizer
from addons.nlu.findings import FindingsExtractor
from addons.nlu.intent_classifier import LinearIntentClassifier
from addons.nlu.plain_text import PlainTextGuard, without_payload

EXAMPLES = {
    "greet": ["hello", "hi there", "good morning", "hey"],
    "faq/heat": ["can i put heat on it", "is a hot water bottle ok", "does heat help"],
    "faq/cold": ["can i put ice on it", "is an ice pack ok", "does cold help"],
    "out_of_scope": ["what is the weather", "tell me a joke", "book a flight"],
}
PAYLOAD = '/inform{"disposition": "self_care"}'


def made(component: type[GraphComponent], folder: Path, **config: Any) -> Any:
    arguments = (
        {**component.get_default_config(), **config},
        LocalModelStorage.create(folder),
        Resource(component.__name__),
        ExecutionContext(GraphSchema({}), node_name=component.__name__),
    )
    return component.create(*arguments), arguments


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("model")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTOR_CACHE", str(folder / "vectors"))
        featurizer, _ = made(SentenceEmbeddingFeaturizer, folder)
        data = TrainingData(
            [Message.build(t, i) for i, texts in EXAMPLES.items() for t in texts]
        )
        data = featurizer.process_training_data(data)
    classifier, arguments = made(LinearIntentClassifier, folder)
    classifier.train(data)
    loaded = LinearIntentClassifier.load(*arguments)

    def parse(text: str | None) -> Message:
        messages = [Message({TEXT: text})]
        for component in (PlainTextGuard(), featurizer, loaded):
            messages = component.process(messages)
        return messages[0]

    return parse


def test_a_message_gets_intent_ranking_and_topic(pipeline: Any) -> None:
    parsed = pipeline("could i use heat").as_dict(only_output_properties=True)
    ranking = [one["name"] for one in parsed["intent_ranking"]]
    assert next(name for name in ranking if name != "nlu_fallback") == "faq"
    response = parsed["response_selector"]["faq"]["response"]
    assert response["intent_response_key"] == "faq/heat"
    assert "clause_vectors" not in parsed


def test_the_question_in_a_story_is_answered(pipeline: Any) -> None:
    story = "I fell on Monday. It was swollen for a day. My sister helped me. " * 4
    parsed = pipeline(f"{story} Can I put ice on it? Thank you very much.")
    best = parsed.get("response_selector")["faq"]["response"]
    assert best["intent_response_key"] == "faq/cold"


@pytest.mark.parametrize("text", ["", "   ", None, "\n", "/", "😀", "\ud83d"])
def test_every_text_can_be_read(pipeline: Any, text: str | None) -> None:
    assert pipeline(text).get(INTENT)["name"]


@pytest.mark.parametrize("text", ["", "  ", "/"])
def test_a_blank_message_is_not_understood(pipeline: Any, text: str) -> None:
    assert pipeline(text).get(INTENT)["name"] == "nlu_fallback"


def test_the_same_words_give_the_same_ranking(pipeline: Any) -> None:
    first, second = pipeline("does heat help"), pipeline("does heat help")
    assert first.get("intent_ranking") == second.get("intent_ranking")


def test_a_stored_model_is_half_as_wide_and_ranks_alike(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    texts = [text for some in EXAMPLES.values() for text in some]
    labels = [label for label, some in EXAMPLES.items() for _ in some]
    vectors = chance.normal(size=(len(texts), 8)).astype(np.float32)
    learnt = ranking.fit(texts, vectors, labels, ranking.Settings())
    intent_classifier._write(tmp_path / "model.npz", learnt)
    with np.load(tmp_path / "model.npz") as stored:
        assert stored["examples"].dtype == stored["ngram_weights"].dtype == np.float16
    read = intent_classifier._read(tmp_path / "model.npz")
    assert read is not None
    for one, other in zip(learnt, read, strict=True):
        assert one.dtype == other.dtype
        if one.dtype == np.float32:
            np.testing.assert_allclose(other, one, atol=2e-3)


def test_nothing_to_train_on_is_no_failure(tmp_path: Path) -> None:
    classifier, arguments = made(LinearIntentClassifier, tmp_path)
    classifier.train(TrainingData([]))
    loaded = LinearIntentClassifier.load(*arguments)
    message = Message({TEXT: "hi"})
    assert loaded.process([message]) == [message]


@pytest.mark.parametrize(
    "text",
    [PAYLOAD, f" \u00a0{PAYLOAD}", f"//{PAYLOAD}", "/ /restart", "/\x1f/restart"],
)
def test_no_text_is_a_payload_after_the_guard(text: str) -> None:
    domain = Domain.from_yaml("intents: [inform, restart]\nentities: [disposition]")
    [message] = PlainTextGuard().process([Message({TEXT: text})])
    assert YAMLStoryReader.unpack_regex_message(message, domain) is message
    assert message.get(INTENT) is None
    assert len(message.get(TEXT)) == len(text)


@pytest.mark.parametrize("text", ["left/right", " hello", "1/2"])
def test_other_slashes_stay(text: str) -> None:
    assert without_payload(text) == text


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return made(FindingsExtractor, tmp_path_factory.mktemp("findings"))[0]


def test_findings_stand_in_the_output_in_the_shape_of_the_contract(
    extractor: Any,
) -> None:
    text = "My wrist is swollen but not numb."
    [message] = extractor.process([Message({TEXT: text})])
    found = message.as_dict(only_output_properties=True)["findings"]
    statuses = {one["id"]: one["status"] for one in found}
    assert statuses["swelling"] == "present"
    assert statuses["numbness"] == "absent"
    for one in found:
        assert text[one["start"] : one["end"]] == one["text"]
        assert {"id", "status", "text", "start", "end"} <= set(one)


def test_the_entities_of_others_stay(extractor: Any) -> None:
    other = {"entity": "x", "value": "y", "start": 0, "end": 1, "extractor": "Other"}
    message = Message({TEXT: "my left wrist hurts", ENTITIES: [other]})
    [message] = extractor.process([message])
    entities = message.get(ENTITIES)
    assert entities[0] == other
    assert all(one["extractor"] for one in entities)


def test_a_failing_lexicon_loses_no_message(
    extractor: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(extractor._reader, "read", fail)
    [message] = extractor.process([Message({TEXT: "my secret"})])
    parsed = message.as_dict(only_output_properties=True)
    assert parsed["findings"] == []
    assert parsed["findings_failed"] is True
    assert "secret" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_changed_lexicon_trains_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = FindingsExtractor.fingerprint_addon({})
    assert before == FindingsExtractor.fingerprint_addon({})
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "one.yml").write_text("findings: {}")
    monkeypatch.setattr(findings_module, "CONTENT", tmp_path)
    changed = FindingsExtractor.fingerprint_addon({})
    (tmp_path / "lexicon" / "one.yml").write_text("findings: {pain: {}}")
    assert len({before, changed, FindingsExtractor.fingerprint_addon({})}) == 3


def test_rasa_finds_every_component_by_its_path() -> None:
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.shared.utils.io import read_yaml_file

    config = read_yaml_file(Path(__file__).parents[3] / "config.yml")
    for part in [*config["pipeline"], *config["policies"]]:
        assert DefaultV1Recipe._from_registry(part["name"]).clazz


def test_vectors_are_of_length_one(pipeline: Any) -> None:
    _, sentence = pipeline("hello").get_dense_features(TEXT)
    assert np.linalg.norm(sentence.features) == pytest.approx(1, abs=1e-3)

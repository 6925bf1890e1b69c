"""The classifier's mathematics on vectors small enough to reason about."""

import numpy as np
import pytest

from addons.nlu import ranking, rasa_output

SETTINGS = ranking.Settings()
TEXTS = ["aa bb", "aa cc", "dd ee", "dd ff", "gg hh", "gg ii"]
LABELS = ["greet", "greet", "faq/heat", "faq/heat", "out_of_scope", "out_of_scope"]
VECTORS = np.array(
    [[1, 0, 0.1], [1, 0.1, 0], [0, 1, 0.1], [0.1, 1, 0], [0, 0.1, 1], [0.1, 0, 1]],
    dtype=np.float32,
)


@pytest.fixture(scope="module")
def model() -> ranking.IntentModel:
    return ranking.fit(TEXTS, VECTORS, LABELS, SETTINGS)


def rank(model: ranking.IntentModel, text: str, vector: list[float]) -> ranking.Ranked:
    row = np.array([vector], dtype=np.float32)
    written = ranking.written_scores(model, [text])
    return ranking.rank_message(model, written, row, [], SETTINGS)


def first(model: ranking.IntentModel, ranked: ranking.Ranked) -> str:
    return str(model.labels[ranked.confidences.argmax()])


def test_training_examples_are_found_again(model: ranking.IntentModel) -> None:
    for text, vector, label in zip(TEXTS, VECTORS, LABELS, strict=True):
        assert first(model, rank(model, text, vector.tolist())) == label


def test_confidences_are_probabilities(model: ranking.IntentModel) -> None:
    confidences = rank(model, "zz", [0.3, 0.3, 0.3]).confidences
    assert confidences.sum() == pytest.approx(1, abs=1e-5)
    assert (confidences >= 0).all()


def test_letters_decide_where_vectors_are_alike(model: ranking.IntentModel) -> None:
    between = [0.5, 0.5, 0.0]
    assert first(model, rank(model, "aa bb", between)) == "greet"
    assert first(model, rank(model, "dd ee", between)) == "faq/heat"


def test_two_labels_are_enough() -> None:
    model = ranking.fit(TEXTS[:4], VECTORS[:4], LABELS[:4], SETTINGS)
    assert first(model, rank(model, "aa bb", [1, 0, 0])) == "greet"
    assert first(model, rank(model, "dd ee", [0, 1, 0])) == "faq/heat"


def test_training_twice_gives_the_same(model: ranking.IntentModel) -> None:
    again = ranking.fit(TEXTS, VECTORS, LABELS, SETTINGS)
    for one, other in zip(model, again, strict=True):
        assert np.array_equal(one, other)


def test_a_temperature_softens_and_keeps_the_order() -> None:
    scores, near = np.array([[9.0, 3.0, -2.0]]), np.array([[0.9, 0.8, 0.7]])
    sharp = ranking.fuse(scores, near, SETTINGS._replace(temperature=1.0))[0]
    soft = ranking.fuse(scores, near, SETTINGS._replace(temperature=2.0))[0]
    assert soft.argsort().tolist() == sharp.argsort().tolist()
    assert soft.max() < sharp.max()


def test_nearest_is_the_best_example_of_each_label(model: ranking.IntentModel) -> None:
    query = np.array([[1, 0, 0.1]], dtype=np.float32)
    expected = [
        max(
            float(v @ query[0])
            for v, one in zip(VECTORS, LABELS, strict=True)
            if one == label
        )
        for label in model.labels
    ]
    scores = np.zeros((1, len(model.labels)), dtype=np.float32)
    assert ranking.nearest(model, query, scores)[0] == pytest.approx(expected)


def test_only_likely_labels_are_compared_with_their_examples(
    model: ranking.IntentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = np.array([[1, 0, 0.1], [0, 1, 0.1]], dtype=np.float32)
    scores = np.array([[0, 0, 9], [9, 8, 0]], dtype=np.float32)
    whole = ranking.nearest(model, query, scores)
    monkeypatch.setattr(ranking, "LABELS_COMPARED", 2)
    likely = ranking.nearest(model, query, scores)
    assert likely[1, :2] == pytest.approx(whole[1, :2])
    assert likely[1, 2] == pytest.approx(whole[1, :2].min())
    alone = ranking.nearest(model, query[1:], scores[1:])
    assert np.array_equal(alone[0], likely[1]), "a text's row depends on its neighbours"


def test_what_is_asked_outweighs_what_is_told() -> None:
    whole = np.array([0.6, 0.4])
    told, asked = [0.99, 0.01], [0.2, 0.8]
    parts = np.array([told, asked, told])
    combined = ranking.combine(whole, parts, [False, True, False], 0.7)
    assert combined.argmax() == 1
    assert combined.sum() == pytest.approx(1)


def test_one_sure_clause_does_not_decide_where_nothing_is_asked() -> None:
    whole = np.array([0.3, 0.7])
    no_fever = [0.999, 0.001]
    parts = np.array([no_fever, [0.2, 0.8], [0.3, 0.7], [0.2, 0.8]])
    combined = ranking.combine(whole, parts, [False] * 4, 0.5)
    assert combined.argmax() == 1


def test_what_is_surely_not_ours_is_understood(model: ranking.IntentModel) -> None:
    thresholds = ranking.Thresholds(evidence=9, confidence=0.1, margin=0.02)
    other = rank(model, "gg hh", [0, 0.1, 1])
    assert first(model, other) == "out_of_scope"
    assert ranking.is_understood(other, thresholds)


def test_evidence_falls_with_out_of_scope_and_with_distance() -> None:
    labels = np.array(["greet", "out_of_scope"])
    near, far = np.array([0.9, 0.2]), np.array([0.3, 0.2])
    sure, unsure = np.array([0.9, 0.1]), np.array([0.4, 0.6])
    best = ranking.evidence(labels, sure, near)
    assert best > ranking.evidence(labels, sure, far)
    assert best > ranking.evidence(labels, unsure, near)


@pytest.mark.parametrize(
    ("confidences", "evidence", "understood"),
    [
        ([0.8, 0.2], 10.0, True),
        ([0.8, 0.2], 4.0, False),
        ([0.51, 0.49], 10.0, False),
        ([0.2, 0.1], 10.0, False),
    ],
)
def test_understood(
    confidences: list[float], evidence: float, understood: bool
) -> None:
    thresholds = ranking.Thresholds(evidence=5, confidence=0.3, margin=0.05)
    ranked = ranking.Ranked(np.array(confidences), evidence)
    assert ranking.is_understood(ranked, thresholds) is understood


LABELLED = ("affirm", "faq/cold", "faq/heat", "out_of_scope")


def test_topics_stand_as_one_intent_with_the_best_of_them() -> None:
    output = rasa_output.for_ranking(LABELLED, np.array([0.3, 0.1, 0.4, 0.2]), 10)
    assert output["intent"] == {"name": "faq", "confidence": 0.4}
    assert [one["name"] for one in output["intent_ranking"]] == [
        "faq",
        "affirm",
        "out_of_scope",
    ]
    selected = output["response_selector"]["faq"]
    assert selected["response"]["intent_response_key"] == "faq/heat"
    assert selected["response"]["utter_action"] == "utter_faq/heat"
    assert [one["intent_response_key"] for one in selected["ranking"]] == [
        "faq/heat",
        "faq/cold",
    ]


def test_the_best_topic_is_there_whatever_the_intent() -> None:
    output = rasa_output.for_ranking(LABELLED, np.array([0.9, 0.05, 0.03, 0.02]), 1)
    assert output["intent"]["name"] == "affirm"
    assert len(output["intent_ranking"]) == 1
    best = output["response_selector"]["faq"]["response"]["intent_response_key"]
    assert best == "faq/cold"


def test_fallback_goes_first_and_can_be_undone() -> None:
    from rasa.nlu.classifiers.fallback_classifier import (
        is_fallback_classifier_prediction,
        undo_fallback_prediction,
    )

    output = rasa_output.for_ranking(LABELLED, np.array([0.3, 0.1, 0.4, 0.2]), 10)
    fallen = rasa_output.with_fallback(output)
    assert is_fallback_classifier_prediction(fallen)
    assert undo_fallback_prediction(fallen)["intent"] == output["intent"]
    assert output["intent"]["name"] == "faq"


@pytest.mark.parametrize("length", [1, 3, 50])
def test_the_rankings_are_those_of_all_labels_sorted(length: int) -> None:
    labels = [f"intent_{n}" for n in range(20)] + [f"faq/topic_{n}" for n in range(15)]
    row = np.random.default_rng(5).permutation(35) / 100
    output = rasa_output.for_ranking(tuple(labels), row, length)
    ranked = [labels[index] for index in np.argsort(-row)]
    names = list(dict.fromkeys(label.partition("/")[0] for label in ranked))
    assert [one["name"] for one in output["intent_ranking"]] == names[:length]
    topics = [label for label in ranked if "/" in label]
    found = output["response_selector"]["faq"]["ranking"]
    assert [one["intent_response_key"] for one in found] == topics[:length]

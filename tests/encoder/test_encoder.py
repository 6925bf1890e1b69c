"""Vectors mean what their words mean, and depend on nothing else."""

import subprocess
import sys

import numpy as np
import pytest

import encoder
from encoder import Encoder
from encoder.weights import find_weights

SENTENCES = [
    "my wrist hurts",
    "yes",
    "I fell on my hand yesterday and now it looks like a dinner fork",
    "can you show me how to massage it?",
    "the weather is lovely in Lisbon",
]


@pytest.fixture(scope="module")
def encode():
    return Encoder.load().encode


def test_rows_are_float32_of_length_one(encode) -> None:
    rows = encode(SENTENCES)
    assert rows.shape == (len(SENTENCES), encoder.DIMENSIONS)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_the_same_words_give_the_same_vector(encode) -> None:
    np.testing.assert_array_equal(encode(SENTENCES), encode(SENTENCES))


def test_a_vector_does_not_depend_on_its_neighbours(encode) -> None:
    together = encode(SENTENCES)
    alone = np.vstack([encode([sentence]) for sentence in SENTENCES])
    np.testing.assert_array_equal(together, alone)


def test_what_is_begun_ends_as_what_is_encoded_at_once(encode) -> None:
    for texts in (SENTENCES, SENTENCES[:1], []):
        begun = Encoder.load().begin(texts)
        np.testing.assert_array_equal(begun.result(), encode(texts))
        np.testing.assert_array_equal(begun.result(), begun.result())


def test_a_failure_on_the_other_core_is_told_where_the_vectors_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        def run(self, *_: object) -> None:
            raise RuntimeError("broken graph")

    loaded = Encoder.load()
    monkeypatch.setattr(loaded, "_session", Broken())
    begun = loaded.begin(["my wrist hurts"])
    with pytest.raises(RuntimeError, match="broken graph"):
        begun.result()


@pytest.mark.parametrize(
    ("sentence", "near", "far"),
    [
        ("my wrist hurts", "there is pain in my wrist", "I want to book a flight"),
        ("my fingers are numb", "I can't feel my fingers", "what does it cost"),
        ("it hurts at night", "the pain wakes me up", "tell me a joke"),
    ],
)
def test_like_is_closer_than_unlike(encode, sentence: str, near: str, far: str) -> None:
    own, like, unlike = encode([sentence, near, far])
    assert own @ like > own @ unlike + 0.2


@pytest.mark.parametrize("text", ["", " ", "\ud83d", "\x00\x07", "😖", "word " * 4000])
def test_bad_input_gets_a_vector_all_the_same(encode, text: str) -> None:
    assert np.isfinite(encode([text])).all()


def test_no_texts_make_no_rows(encode) -> None:
    assert encode([]).shape == (0, encoder.DIMENSIONS)


@pytest.fixture(scope="module")
def whole():
    """What the graph gives before units are left out and weights are rounded."""
    onnxruntime = pytest.importorskip("onnxruntime")
    from safetensors.numpy import load_file

    from encoder.graph import build

    model = build(load_file(find_weights() / "model.safetensors"))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    tokens = Encoder.load()._tokens

    def run(text: str, *more: int) -> np.ndarray:
        ids = np.array([[*tokens.of(text), *more]])
        return session.run(None, {"input_ids": ids})[0][0]

    return run


def test_the_graph_agrees_with_the_model_it_was_made_from(whole) -> None:
    """Cosines of the first sentence with the others, from BERT's own implementation."""
    end = 102  # [SEP], which that implementation has and ours leaves out
    rows = np.array([whole(sentence, end) for sentence in SENTENCES])
    expected = [0.095, 0.448, 0.283, 0.057]  # TFBertModel, fp32
    np.testing.assert_allclose(rows[1:] @ rows[0], expected, atol=0.001)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_fewer_units_in_int8_stay_close_to_the_whole_model(
    encode, whole, sentence: str
) -> None:
    assert whole(sentence) @ encode([sentence])[0] > 0.92


def test_a_process_that_encodes_loads_neither_rasa_nor_tensorflow() -> None:
    program = (
        "import sys, encoder; encoder.Encoder.load().encode(['hello']); "
        "print({'rasa', 'tensorflow', 'spacy', 'onnx'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"

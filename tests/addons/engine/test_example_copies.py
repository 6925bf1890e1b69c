"""A copied example is equal to the one it was made from, and apart from it."""

import copy

import numpy as np
import pytest
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message

from addons.engine import example_copies


@pytest.fixture
def message() -> Message:
    made = Message.build("my left wrist", "inform", entities=[{"entity": "side"}])
    made.set("metadata", {"seen": [1]}, add_to_output=True)
    made.add_features(Features(np.ones((1, 2)), "sentence", "text", "test"))
    return made


def test_a_copy_is_what_rasa_would_have_made(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = copy.deepcopy(message)
    monkeypatch.setattr(Message, "__deepcopy__", example_copies.copied, raising=False)
    fast = copy.deepcopy(message)
    assert fast == slow == message
    assert fast.fingerprint() == slow.fingerprint()
    assert fast.__dict__.keys() == slow.__dict__.keys()
    assert fast.output_properties == slow.output_properties


def test_changing_a_copy_leaves_the_first_alone(message: Message) -> None:
    fast = example_copies.copied(message, {})
    fast.data["entities"][0]["entity"] = "other"
    fast.data["metadata"]["seen"].append(2)
    fast.set("intent", "greet", add_to_output=True)
    fast.features[0].features[0, 0] = 7
    fast.add_features(None)
    fast.features.clear()
    assert message.data["entities"] == [{"entity": "side"}]
    assert message.data["metadata"] == {"seen": [1]}
    assert message.get("intent") == "inform"
    assert "intent" not in message.output_properties
    assert message.features[0].features.tolist() == [[1, 1]]

"""Copies training examples without looking into their texts.

Rasa copies all examples each time that it merges data, several times in a training, by
way of pickling: 3 of the seconds that an added example takes.
"""

from __future__ import annotations

import copy
from typing import Any

from rasa.shared.nlu.training_data.message import Message


def copy_examples_fast() -> None:
    """From now on deep copies of all messages of this process are made by `copied`."""
    Message.__deepcopy__ = copied


def copied(message: Message, memo: dict[int, Any]) -> Message:
    """The same content; changing one leaves the other alone."""
    made = object.__new__(type(message))
    made.__dict__.update(message.__dict__)
    made.data = {
        key: value if isinstance(value, str) else copy.deepcopy(value, memo)
        for key, value in message.data.items()
    }
    made.features = copy.deepcopy(message.features, memo) if message.features else []
    made.output_properties = set(message.output_properties)
    return made

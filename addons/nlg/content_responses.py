"""Makes every `utter_...` response from wrist/content, without any other process."""

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from wrist import library, replies
from wrist.case import Case


class ContentResponses(NaturalLanguageGenerator):
    """The words live once, in the content; the domain only names the responses."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        self._library = library.default()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        case = Case.from_slots(tracker.current_slot_values())
        message = replies.make(utter_action, case, self._library)
        return message.to_json() if message else None

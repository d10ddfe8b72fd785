"""Rasa response generator: buttons that several responses share are written once."""

from __future__ import annotations

from typing import Any, Dict, Optional, Text

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig


class ResponsesWithSharedButtons(TemplatedNaturalLanguageGenerator):
    """A response with `metadata: {buttons_of: NAME}` gets the buttons of the response NAME after its own."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    def generate_from_slots(
        self, utter_action: Text, filled_slots: Dict[Text, Any], output_channel: Text, **kwargs: Any
    ) -> Optional[Dict[Text, Any]]:
        """The response without that mark; None when there is no response of this name."""
        response = super().generate_from_slots(utter_action, filled_slots, output_channel, **kwargs)
        lender = response and response.get("metadata", {}).get("buttons_of")
        if not response or not lender:
            return response
        lent = super().generate_from_slots(lender, filled_slots, output_channel, **kwargs) or {}
        own = {key: value for key, value in response.items() if key != "metadata"}
        return {**own, "buttons": [*response.get("buttons", []), *lent.get("buttons", [])]}

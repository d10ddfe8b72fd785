"""Action calls as Rasa 3.6.21 sends them."""

from __future__ import annotations

from typing import Any


def said(text: str, intent: str, message_id: str = "msg_now", entities: list[Any] | None = None) -> dict[str, Any]:
    """A user event of the tracker."""
    parse_data = {"intent": {"name": intent, "confidence": 0.9}, "entities": entities or [], "text": text}
    return {"event": "user", "text": text, "message_id": message_id, "parse_data": parse_data}


def call(
    action: str,
    conversation_id: str,
    text: str = "",
    intent: str = "order_status",
    *,
    before: list[dict[str, Any]] | None = None,
    slots: dict[str, Any] | None = None,
    ranking: list[dict[str, Any]] | None = None,
    message_id: str = "msg_now",
) -> dict[str, Any]:
    """The body of one call of `action`, `text` being the visitor's latest message."""
    event = said(text, intent, message_id)
    latest = {**event["parse_data"], "message_id": message_id, "metadata": {}, "intent_ranking": ranking or []}
    tracker = {
        "sender_id": conversation_id,
        "slots": {
            "language": "en",
            "company": "Fern & Hale",
            "order_reference": None,
            "product": None,
            **(slots or {}),
        },
        "latest_message": latest,
        "latest_event_time": 1.0,
        "followup_action": None,
        "paused": False,
        "events": [*(before or []), event],
        "latest_input_channel": "turn",
        "active_loop": {},
        "latest_action": {"action_name": "action_listen"},
        "latest_action_name": "action_listen",
    }
    return {
        "next_action": action,
        "sender_id": conversation_id,
        "tracker": tracker,
        "domain": {"slots": {}, "forms": {"product_form": {"required_slots": ["product"]}}, "session_config": {}},
        "version": "3.6.21",
    }

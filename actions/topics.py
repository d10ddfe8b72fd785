"""Topics by their titles, and which of them were understood or nearly so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

from bot.core.intents import intents, offered
from bot.core.messages import NOT_UNDERSTOOD

USUAL = ("order_status", "return_order", "delivery_time")
"""What most visitors ask about, for when the ranking is of no help."""
OFFERED = 3


def topics_before(tracker: Tracker) -> Iterator[str]:
    """The titles (English) of what was understood before this message, newest first; small talk left out."""
    for name in _intents(tracker)[1:]:
        if (intent := offered(name)) is not None:
            yield intent.title("en")


def not_understood_before(tracker: Tracker) -> bool:
    """Was the message before this one not understood either?"""
    return _intents(tracker)[1:2] == [NOT_UNDERSTOOD]


def likely(latest_message: dict[str, Any], language: str) -> list[dict[str, str]]:
    """Buttons for the topics that come nearest to what was said."""
    ranked = [str(each.get("name")) for each in latest_message.get("intent_ranking") or []]
    near = dict.fromkeys([*(name for name in ranked if offered(name)), *USUAL])
    return [{"title": intents()[name].title(language), "payload": f"/{name}"} for name in list(near)[:OFFERED]]


def _intents(tracker: Tracker) -> list[str]:
    """What each message was understood as, newest first."""
    said = [event for event in reversed(tracker.events) if event.get("event") == "user"]
    return [str(((event.get("parse_data") or {}).get("intent") or {}).get("name") or "") for event in said]

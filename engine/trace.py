"""The engine's answer, computed from a turn's events only, so that a stored turn gives the same answer."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional

from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered

from engine.classifier import THRESHOLD_KEY
from engine.rule_policy import RULE_KEY
from engine.standing_requests import REQUESTS_KEY
from engine.turn import Turn

RANKING_LENGTH = 10
_SILENT = (ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)
_CONTENT = ("image", "attachment", "quick_replies", "elements")
Json = Dict[str, Any]


def answer(turn: Turn, replayed: bool, milliseconds: float) -> Json:
    """The turn channel's answer, as docs/explanation/architecture.md describes it."""
    return {
        "message_id": turn.message_id,
        "replayed": replayed,
        "messages": messages(turn.events),
        "trace": trace(turn.events),
        "model": turn.model,
        "failures": turn.failures,
        "ms": round(milliseconds, 1),
    }


def messages(events: Iterable[Event]) -> List[Json]:
    """What the assistant said, in order."""
    return [_message(event) for event in events if isinstance(event, BotUttered)]


def _message(event: BotUttered) -> Json:
    data = event.data
    said = {
        "text": event.text,
        "buttons": data.get("buttons") or [],
        "custom": data.get("custom") or {},
        "utter_action": event.metadata.get("utter_action"),
    }
    return {**said, **{key: data[key] for key in _CONTENT if data.get(key)}}


def trace(events: Iterable[Event]) -> Json:
    """What was understood and done. Actions that only listen or begin a session are left out."""
    events = list(events)
    heard = next((event for event in events if isinstance(event, UserUttered)), None)
    return {
        **understood(heard.parse_data if heard else {}),
        "text": heard.text if heard else None,
        "entities": [_entity(entity) for entity in heard.entities] if heard else [],
        "actions": [
            _action(event) for event in events if isinstance(event, ActionExecuted) and event.action_name not in _SILENT
        ],
        "slots": {event.key: event.value for event in events if isinstance(event, SlotSet)},
    }


def understood(parse_data: Json) -> Json:
    """Intent, confidence, source, ranking of real intents, the threshold (null for a payload, which needs none), and
    the standing requests with their scores."""
    intent = parse_data.get("intent") or {}
    ranking = [
        _ranked(entry)
        for entry in parse_data.get("intent_ranking") or []
        if entry["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME
    ]
    threshold = parse_data.get(THRESHOLD_KEY)
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence", 0.0),
        "ranking": ranking[:RANKING_LENGTH],
        "source": "payload" if threshold is None else "classifier",
        "threshold": threshold,
        "requests": parse_data.get(REQUESTS_KEY) or {},
    }


def brief(event: Json) -> Json:
    """A stored event without what only the next prediction needs: of a message, its words and what they mean."""
    parse_data = event.get("parse_data")
    if not isinstance(parse_data, dict):
        return event
    intent = parse_data.get("intent") or {}
    meaning = {
        "intent": {key: intent.get(key) for key in ("name", "confidence")},
        "entities": [_entity(entity) for entity in parse_data.get("entities") or []],
    }
    return {**event, "parse_data": meaning}


def _ranked(entry: Json) -> Json:
    return {"name": entry["name"], "confidence": entry["confidence"]}


def _entity(entity: Json) -> Json:
    return {key: entity.get(key) for key in ("entity", "value", "start", "end")}


def _action(event: ActionExecuted) -> Json:
    rule: Optional[str] = event.metadata.get(RULE_KEY)
    return {
        "name": event.action_name or event.action_text,
        "policy": _policy(event.policy),
        "confidence": event.confidence,
        "rule": rule,
    }


def _policy(name: Optional[str]) -> Optional[str]:
    """Rasa puts the policy's place in the configuration before its name: policy_0_NamedRulePolicy."""
    return name.split("_", 2)[-1] if name and name.startswith("policy_") else name

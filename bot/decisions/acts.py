"""Records of what people did (and of who served a message), in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.i18n import entries
from bot.core.ids import Json
from bot.decisions import vocabulary
from bot.decisions.models import Kind
from bot.decisions.vocabulary import text

Record = dict[str, Json]
TOLD = (
    Kind.ROUTE,
    Kind.CONTEST,
    Kind.REVIEW,
    Kind.CORRECTION,
    Kind.ACCESS,
    Kind.STOP,
    Kind.ERASURE,
    Kind.HOLD,
    Kind.RECTIFICATION,
)
"""The kinds that are told here."""
IN_WORDS = (Kind.STOP, Kind.HOLD)
"""Those of them whose reason is somebody's own words, where the others have a code."""


def explain_act(record: Record, language: str) -> tuple[str, str] | None:
    """Title and sentence; None for an outcome that there are no words for."""
    known = entries("explain")
    head, tail = vocabulary.outcome_parts(record["kind"], record["outcome"])
    key = f"{record['kind']}_{head}"
    if f"{key}_title" not in known:
        return None
    topical = f"{key}_topic_text"
    sentence = topical if tail and topical in known else f"{key}_text"
    values = _values(record, tail, language)
    return text(f"{key}_title", language, **values), text(sentence, language, **values)


def facts_of_act(record: Record, language: str) -> list[tuple[str, Json]]:
    """What else a person's record says: label's key and value."""
    given, result = record["input"], record["result"]
    because = given.get("reason") if record["kind"] in (*IN_WORDS, Kind.ERASURE) else result.get("reason")
    intent = result.get("correct_intent")
    return [
        ("person", person(record)),
        ("reason", given.get("text")),
        ("because", because if record["kind"] in IN_WORDS else vocabulary.readable(because or "")),
        ("words", result.get("words")),
        ("correct_intent", vocabulary.intent_title(intent, language) if intent else None),
        ("correct_answer", result.get("correct_answer")),
        ("example", result.get("example")),
        ("note", result.get("note")),
        ("why", vocabulary.named("purpose_of", given["why"], language) if given.get("why") else None),
        ("filters", _filters(given.get("filters"), language)),
        ("about", given.get("decision_id")),
    ]


def person(record: Record) -> str | None:
    """Who did it, as far as the record tells: their name, or else what they sign in with."""
    given, result = record["input"], record["result"]
    for who in (result.get("staff"), given.get("reviewer"), given.get("maintainer")):
        if isinstance(who, Mapping):
            name = who.get("name") or who.get("login")
            return None if name is None else str(name)
    return str(given["by"]) if given.get("by") else None


def _values(record: Record, tail: str, language: str) -> dict[str, str]:
    given, result = record["input"], record["result"]
    return {
        "person": person(record) or text("somebody", language),
        "intent": vocabulary.intent_title(result.get("intent"), language),
        "what": vocabulary.named("looked_at", tail, language) if record["kind"] == Kind.ACCESS else tail,
        "why": vocabulary.named("purpose_of", given.get("why"), language),
        "topic": vocabulary.readable(tail),
        "reason": vocabulary.named("erased", tail, language),
    }


def _filters(filters: Mapping[str, Json] | None, language: str) -> str | None:
    if filters is None:
        return None
    return "\n".join(f"{name}: {value}" for name, value in filters.items()) or text("none", language)

"""'Why did you say that?', answered from the records of the turn in question and from nothing else."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.decisions import repository, words
from bot.decisions.recorder import Recorder
from bot.decisions.words import text
from bot.messages import NOT_UNDERSTOOD, Author, Json, Kind
from bot.storage.keyring import KeyDestroyed
from bot.storage.tables import DecisionRow, MessageRow

Record = dict[str, Json]
ALTERNATIVES = 2
"""How many other meanings are told."""


def why(
    session: Session, recorder: Recorder, conversation_id: str, message_id: str | None, language: str
) -> tuple[str, list[str]]:
    """Plain reasons for the assistant's message `message_id`, and the ids of the records they come from.

    Without a `message_id` it is the newest message that answers somebody. Where nothing is on record, that is said.
    """
    message = _message(session, conversation_id, message_id)
    if message is None:
        return text("why_nothing_said" if message_id is None else "why_unknown_message", language), []
    rows = repository.of_turn(session, conversation_id, message.reply_to)
    refusal = _not_decided(message, rows, language)
    if refusal is not None:
        return refusal, []
    records = [record for row in rows if (record := _read(session, recorder, row)) is not None]
    if not records:
        return text("why_erased", language), [row.id for row in rows]
    ids = [record["decision_id"] for record in records]
    route = _first(records, Kind.ROUTE)
    if message.author == Author.SYSTEM and route is not None:
        return text("why_stopped" if route["outcome"].startswith("stopped") else "why_system", language), ids
    return _reasons(records, language), ids


def _message(session: Session, conversation_id: str, message_id: str | None) -> MessageRow | None:
    if message_id is not None:
        message = session.get(MessageRow, message_id)
        return message if message is not None and message.conversation_id == conversation_id else None
    return session.scalar(
        select(MessageRow)
        .where(
            MessageRow.conversation_id == conversation_id,
            MessageRow.author == Author.ASSISTANT,
            MessageRow.reply_to.is_not(None),
        )
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(1)
    )


def _not_decided(message: MessageRow, rows: object, language: str) -> str | None:
    """What to say of a message that no decision stands behind."""
    if message.author == Author.HUMAN:
        return text("why_human", language, name=message.author_name or text("why_person", language))
    if message.author == Author.VISITOR:
        return text("why_visitor", language)
    if rows:
        return None
    return text("why_system" if message.author == Author.SYSTEM else "why_no_record", language)


def _read(session: Session, recorder: Recorder, row: DecisionRow) -> Record | None:
    try:
        return repository.read_record(session, recorder, row)
    except KeyDestroyed:
        return None


def _reasons(records: list[Record], language: str) -> str:
    sentences = [
        *_understood(records, language),
        *_chosen(records, language),
        *_data(records, language),
        *_others(records, language),
        *_ended(records, language),
        *_checked(records, language),
        text("why_ask_a_person", language),
    ]
    return ("" if language == "zh" else " ").join(sentences)


def _understood(records: list[Record], language: str) -> list[str]:
    record = _first(records, Kind.UNDERSTANDING)
    if record is None or record["intent"] is None:
        return []
    if record["intent"] == NOT_UNDERSTOOD:
        return [words.not_understood("why_not_understood", record, language)]
    intent = words.intent_title(record["intent"], language)
    if record["input"].get("source") == "payload":
        return [text("why_button", language, intent=intent)]
    key = "why_understood" if record["threshold"] is not None else "why_understood_no_threshold"
    confidence, threshold = words.percent(record["confidence"], language), words.percent(record["threshold"], language)
    return [text(key, language, intent=intent, confidence=confidence, threshold=threshold)]


def _chosen(records: list[Record], language: str) -> list[str]:
    record = _first(records, Kind.ANSWER) or _first(records, Kind.ACTION)
    if record is None or not record.get("path"):
        return []
    if record.get("policy") == words.FOLLOW_UP:
        return [text("why_followup", language)]
    if record["path"] == record.get("policy"):
        return [text("why_policy", language, policy=record["policy"])]
    return [text("why_rule", language, rule=record["path"])]


def _data(records: list[Record], language: str) -> list[str]:
    gates = [record for record in records if record["kind"] == Kind.GATE]
    if not gates:
        return [text("why_no_data", language)]
    return list(dict.fromkeys(_gate(record, language) for record in gates))


def _gate(record: Record, language: str) -> str:
    if record["result"].get("allowed"):
        categories, purpose = words.categories(record, language), words.purpose(record, language)
        return text("why_data_used", language, categories=categories, purpose=purpose)
    return text(
        "why_data_refused", language, reason=words.named("why_reason", record["result"].get("reason"), language)
    )


def _others(records: list[Record], language: str) -> list[str]:
    record = _first(records, Kind.UNDERSTANDING)
    if record is None or record["input"].get("source") == "payload":
        return []
    told = {record["intent"], NOT_UNDERSTOOD}
    if record["intent"] == NOT_UNDERSTOOD and (guess := words.best_guess(record)):
        told.add(guess["name"])
    ranking = [one for one in record["alternatives"] if one["name"] not in told and one["confidence"] >= 0.01]
    shown = [_alternative(one, language) for one in ranking[:ALTERNATIVES]]
    return [text("why_alternatives", language, alternatives=words.listed(shown, language))] if shown else []


def _alternative(one: Record, language: str) -> str:
    title, sure = words.intent_title(one["name"], language), words.percent(one["confidence"], language)
    return f"“{title}”（{sure}）" if language == "zh" else f"“{title}” ({sure})"


def _ended(records: list[Record], language: str) -> list[str]:
    pairs = ((Kind.HANDOFF, "why_handoff"), (Kind.FAILURE, "why_failure"))
    return [text(key, language) for kind, key in pairs if _first(records, kind) is not None]


def _checked(records: list[Record], language: str) -> list[str]:
    """What a person found who was asked to check the answer."""
    outcomes = {record["outcome"] for record in records if record["kind"] == Kind.CONTEST}
    return [text(f"why_{found}", language) for found in ("upheld", "overturned") if f"contest:{found}" in outcomes]


def _first(records: list[Record], kind: Kind) -> Record | None:
    return next((record for record in records if record["kind"] == kind), None)

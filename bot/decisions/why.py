"""'Why did you say that?', answered from the records of the turn in question and from nothing else."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.ids import Json
from bot.core.messages import NOT_UNDERSTOOD, Author
from bot.db.keyring import KeyDestroyed
from bot.db.models import DecisionRow, MessageRow
from bot.decisions import repository, request_decisions, vocabulary
from bot.decisions.models import Kind
from bot.decisions.recorder import Recorder
from bot.decisions.vocabulary import text

Record = dict[str, Json]
LETS_GO_ON = ("allow:given", "resume:resumed")
"""Requests after which a question that waited is answered."""
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
    answer = _answer(records, message)
    requests = [record for record in records if record["kind"] == Kind.REQUEST]
    if requests and _is_for_requests(message, records, answer):
        return _sentences(_of_requests(records, requests, message.id, language), language), ids
    route = _first(records, Kind.ROUTE)
    if message.author == Author.SYSTEM and route is not None:
        return text("why_stopped" if route["outcome"].startswith("stopped") else "why_system", language), ids
    return _sentences(_of_answer(records, answer, message.id, language), language), ids


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


def _answer(records: list[Record], message: MessageRow) -> Record | None:
    """The answer that the message is part of; one that names no messages can only be the assistant's."""
    answers = [(record, record["result"].get("message_ids")) for record in records if record["kind"] == Kind.ANSWER]
    named = (record for record, ids in answers if message.id in (ids or ()))
    unnamed = (record for record, ids in answers if not ids and message.author == Author.ASSISTANT)
    return next(named, next(unnamed, None))


def _is_for_requests(message: MessageRow, records: list[Record], answer: Record | None) -> bool:
    """Was this said for a standing request, rather than in answer to the rest of the message?"""
    if answer is not None:
        return bool(answer["policy"] == request_decisions.POLICY)
    # What the desk's queue says to the wish for a person comes without an answer's record.
    return message.author == Author.SYSTEM and {"gateway", "desk"} >= {
        record["outcome"] for record in records if record["kind"] in (Kind.ROUTE, Kind.FAILURE)
    }


def _sentences(sentences: list[str], language: str) -> str:
    return ("" if language == "zh" else " ").join(sentences)


def _of_requests(records: list[Record], requests: list[Record], message_id: str, language: str) -> list[str]:
    return [
        *(request_decisions.reasons(record, f"{language}_you") for record in requests),
        text("why_no_data", language),
        *_checked(records, message_id, language),
        text("why_ask_a_person", language),
    ]


def _of_answer(records: list[Record], answer: Record | None, message_id: str, language: str) -> list[str]:
    return [
        *_resumed(records, language),
        *_understood(records, language),
        *_chosen(answer or _first(records, Kind.ACTION), language),
        *_data(records, language),
        *_others(records, language),
        *_ended(records, language),
        *_checked(records, message_id, language),
        text("why_ask_a_person", language),
    ]


def _resumed(records: list[Record], language: str) -> list[str]:
    """That a question of earlier went on, and what let it."""
    understood = _first(records, Kind.UNDERSTANDING)
    if understood is None or not vocabulary.is_resumed(understood):
        return []
    let = [record for record in records if record["kind"] == Kind.REQUEST and record["outcome"] in LETS_GO_ON]
    return [*(request_decisions.reasons(record, f"{language}_you") for record in let), text("why_resumed", language)]


def _understood(records: list[Record], language: str) -> list[str]:
    record = _first(records, Kind.UNDERSTANDING)
    if record is None or record["intent"] is None:
        return []
    if record["intent"] == NOT_UNDERSTOOD:
        return [vocabulary.not_understood("why_not_understood", record, language)]
    intent = vocabulary.intent_title(record["intent"], language)
    resumed = vocabulary.is_resumed(record)
    if vocabulary.is_pressed(record):
        return [text("why_resumed_button" if resumed else "why_button", language, intent=intent)]
    key = "why_understood" if record["threshold"] is not None else "why_understood_no_threshold"
    if resumed:
        key = "why_resumed_understood"
    confidence, threshold = (
        vocabulary.percent(record["confidence"], language),
        vocabulary.percent(record["threshold"], language),
    )
    return [text(key, language, intent=intent, confidence=confidence, threshold=threshold)]


def _chosen(record: Record | None, language: str) -> list[str]:
    if record is None or not record.get("path"):
        return []
    if record.get("policy") == vocabulary.FOLLOW_UP:
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
        categories, purpose = vocabulary.categories(record, language), vocabulary.purpose(record, language)
        return text("why_data_used", language, categories=categories, purpose=purpose)
    return text(
        "why_data_refused", language, reason=vocabulary.named("why_reason", record["result"].get("reason"), language)
    )


def _others(records: list[Record], language: str) -> list[str]:
    record = _first(records, Kind.UNDERSTANDING)
    if record is None or vocabulary.is_pressed(record):
        return []
    told = {record["intent"], NOT_UNDERSTOOD}
    if record["intent"] == NOT_UNDERSTOOD and (guess := vocabulary.best_guess(record)):
        told.add(guess["name"])
    ranking = [one for one in record["alternatives"] if one["name"] not in told and one["confidence"] >= 0.01]
    shown = [_alternative(one, language) for one in ranking[:ALTERNATIVES]]
    return [text("why_alternatives", language, alternatives=vocabulary.listed(shown, language))] if shown else []


def _alternative(one: Record, language: str) -> str:
    title, sure = vocabulary.intent_title(one["name"], language), vocabulary.percent(one["confidence"], language)
    return f"“{title}”（{sure}）" if language == "zh" else f"“{title}” ({sure})"


def _ended(records: list[Record], language: str) -> list[str]:
    pairs = ((Kind.HANDOFF, "why_handoff"), (Kind.FAILURE, "why_failure"))
    return [text(key, language) for kind, key in pairs if _first(records, kind) is not None]


def _checked(records: list[Record], message_id: str, language: str) -> list[str]:
    """What a person found who was asked to check this message."""
    contests = (record for record in records if record["kind"] == Kind.CONTEST)
    outcomes = {record["outcome"] for record in contests if record["input"].get("message_id") == message_id}
    return [text(f"why_{found}", language) for found in ("upheld", "overturned") if f"contest:{found}" in outcomes]


def _first(records: list[Record], kind: Kind) -> Record | None:
    return next((record for record in records if record["kind"] == kind), None)

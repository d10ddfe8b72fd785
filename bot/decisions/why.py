"""Answers 'Why did you say that?' from the records of the turn in question and from nothing else."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.core.messages import NOT_UNDERSTOOD, Author
from bot.db.models import MessageRow
from bot.decisions import repository, sentences, vocabulary
from bot.decisions.kinds import Kind
from bot.decisions.models import REQUEST_POLICY
from bot.decisions.recorder import Recorder
from bot.decisions.sentences import Record
from bot.decisions.vocabulary import text

LETS_GO_ON = ("allow:given", "resume:resumed")
"""Outcomes of requests after which a question that waited is answered."""
ALTERNATIVES = 2
"""Other meanings that are named, at most."""


def why(
    session: Session, recorder: Recorder, conversation_id: str, message_id: str | None, language: str
) -> tuple[str, list[str]]:
    """Plain reasons for the assistant's message `message_id`, and the ids of the records they come from.

    Without a `message_id` the newest answer is explained. Where nothing is on record, the text says so.
    """
    message = repository.find_answer(session, conversation_id, message_id)
    if message is None:
        return text("why_nothing_said" if message_id is None else "why_unknown_message", language), []
    rows = repository.of_turn(session, conversation_id, message.reply_to)
    refusal = _not_decided(message, rows, language)
    if refusal is not None:
        return refusal, []
    records = [record for row in rows if (record := recorder.read_record(session, row)) is not None]
    if not records:
        return text("why_erased", language), [row.id for row in rows]
    ids = [record["decision_id"] for record in records]
    answer = _answer(records, message)
    requests = [record for record in records if record["kind"] == Kind.REQUEST]
    if requests and _is_for_requests(message, records, answer):
        return _joined(_of_requests(records, requests, message.id, language), language), ids
    route = _first(records, Kind.ROUTE)
    if message.author == Author.SYSTEM and route is not None:
        return text("why_stopped" if route["outcome"].startswith("stopped") else "why_system", language), ids
    return _joined(_of_answer(records, answer, message.id, language), language), ids


def _not_decided(message: MessageRow, rows: object, language: str) -> str | None:
    """The text for a message that no decision led to; None where one did."""
    if message.author == Author.HUMAN:
        return text("why_human", language, name=message.author_name or text("why_person", language))
    if message.author == Author.VISITOR:
        return text("why_visitor", language)
    if rows:
        return None
    return text("why_system" if message.author == Author.SYSTEM else "why_no_record", language)


def _answer(records: list[Record], message: MessageRow) -> Record | None:
    """The answer that the message is part of; one that names no messages can only be the assistant's."""
    answers = [(record, record["result"].get("message_ids")) for record in records if record["kind"] == Kind.ANSWER]
    named = (record for record, ids in answers if message.id in (ids or ()))
    unnamed = (record for record, ids in answers if not ids and message.author == Author.ASSISTANT)
    return next(named, next(unnamed, None))


def _is_for_requests(message: MessageRow, records: list[Record], answer: Record | None) -> bool:
    """Whether the message answers a standing request, rather than the rest of the visitor's message."""
    if answer is not None:
        return bool(answer["policy"] == REQUEST_POLICY)
    # What the desk's queue says to the wish for a person comes without an answer's record.
    return message.author == Author.SYSTEM and {"gateway", "desk"} >= {
        record["outcome"] for record in records if record["kind"] in (Kind.ROUTE, Kind.FAILURE)
    }


def _joined(reasons: list[str], language: str) -> str:
    return ("" if language == "zh" else " ").join(reasons)


def _of_requests(records: list[Record], requests: list[Record], message_id: str, language: str) -> list[str]:
    return [
        *(sentences.request(record, f"{language}_you") for record in requests),
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
    """That an earlier question was resumed, and which request led to that."""
    understood = _first(records, Kind.UNDERSTANDING)
    if understood is None or not sentences.is_resumed(understood):
        return []
    let = [record for record in records if record["kind"] == Kind.REQUEST and record["outcome"] in LETS_GO_ON]
    return [*(sentences.request(record, f"{language}_you") for record in let), text("why_resumed", language)]


def _understood(records: list[Record], language: str) -> list[str]:
    record = _first(records, Kind.UNDERSTANDING)
    if record is None or record["intent"] is None:
        return []
    key, values = sentences.understood(record, language)
    if sentences.is_resumed(record) and record["intent"] != NOT_UNDERSTOOD:
        key = f"resumed_{key.removesuffix('_no_threshold')}"
    return [text(f"why_{key}", language, **values)]


def _chosen(record: Record | None, language: str) -> list[str]:
    chosen = sentences.chosen(record) if record is not None else None
    return [] if chosen is None else [text(f"why_{chosen[0]}", language, **chosen[1])]


def _data(records: list[Record], language: str) -> list[str]:
    gates = [sentences.gate(record, language, "why_reason") for record in records if record["kind"] == Kind.GATE]
    if not gates:
        return [text("why_no_data", language)]
    return list(dict.fromkeys(text(f"why_{key}", language, **values) for key, values in gates))


def _others(records: list[Record], language: str) -> list[str]:
    record = _first(records, Kind.UNDERSTANDING)
    if record is None or sentences.is_pressed(record):
        return []
    told = {record["intent"], NOT_UNDERSTOOD}
    if record["intent"] == NOT_UNDERSTOOD and (guess := sentences.best_guess(record)):
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

"""Decision records, found, read and explained."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session

from bot.decisions import Recorder, repository
from bot.decisions.explain import explain, explain_erased, summary
from bot.decisions.repository import Filters, Place
from bot.errors import BadRequest, NotFound
from bot.messages import Json, Kind
from bot.review.parts import Services
from bot.storage.tables import DecisionRow

router = APIRouter()
LANGUAGE = "en"
"""What reviewers read in."""


Share = Annotated[float | None, Query(ge=0, le=1)]


def _filters(
    start: Annotated[datetime | None, Query(alias="from")] = None,
    end: Annotated[datetime | None, Query(alias="to")] = None,
    kind: Kind | None = None,
    intent: Annotated[str | None, Query(max_length=64)] = None,
    min_confidence: Share = None,
    max_confidence: Share = None,
    conversation: Annotated[str | None, Query(max_length=64)] = None,
) -> Filters:
    return Filters(
        start=_in_utc(start),
        end=_in_utc(end),
        kind=kind,
        intent=intent or None,
        min_confidence=min_confidence,
        max_confidence=max_confidence,
        conversation=conversation or None,
    )


@router.get("/decisions")
async def list_decisions(
    parts: Services,
    filters: Annotated[Filters, Depends(_filters)],
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Json]:
    """Decisions, newest first. `next_cursor` leads to the older ones; null at the end."""
    after = _place(cursor) if cursor else None

    def work(session: Session) -> dict[str, Json]:
        rows = repository.list_decisions(session, filters, after, limit + 1)
        return {
            "decisions": _summaries(rows[:limit]),
            "next_cursor": _cursor(rows[limit - 1]) if len(rows) > limit else None,
            "intents": repository.intents(session),
            "kinds": [kind.value for kind in Kind],
        }

    return await parts.database.read(work)


@router.get("/decisions/{decision_id}")
async def get_decision(parts: Services, decision_id: str) -> dict[str, Json]:
    """One record, explained, with the ranking and the other decisions of its turn."""
    return await parts.database.read(lambda s: _detail(s, parts.recorder, decision_id))


def _detail(session: Session, recorder: Recorder, decision_id: str) -> dict[str, Json]:
    row = repository.find_decision(session, decision_id)
    if row is None:
        raise NotFound("There is no such decision.")
    record = repository.read_record(session, recorder, row)
    turn = repository.of_turn(session, row.conversation_id, row.turn_id) or [row]
    return {
        **(record or {**_summary(row), "commitment": row.commitment, "leaf_index": row.leaf_index, "erased": ["/"]}),
        "explanation": explain_erased(LANGUAGE) if record is None else explain(record, LANGUAGE),
        "ranking": record["alternatives"] if record else [],
        "threshold": record["threshold"] if record else None,
        "turn": _summaries(turn),
    }


def _summaries(rows: Sequence[DecisionRow]) -> list[dict[str, Json]]:
    return [_summary(row) for row in rows]


def _summary(row: DecisionRow) -> dict[str, Json]:
    return {
        "decision_id": row.id,
        "timestamp": row.at.isoformat(),
        "kind": row.kind,
        "intent": row.intent,
        "confidence": row.confidence,
        "outcome": row.outcome,
        "conversation_id": row.conversation_id,
        "language": row.language,
        "summary": summary(row, LANGUAGE),
    }


def _cursor(row: DecisionRow) -> str:
    return base64.urlsafe_b64encode(f"{row.at.isoformat()} {row.id}".encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, decision_id = text.partition(" ")
        return Place(datetime.fromisoformat(moment).astimezone(UTC), decision_id)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise BadRequest("Take the cursor from 'next_cursor', or leave it out.", code="cursor_wrong") from error


def _in_utc(moment: datetime | None) -> datetime | None:
    """A moment without a time zone is in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment

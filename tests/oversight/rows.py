"""Rows put into the tables directly, with moments of their own: for queries whose answers are worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from bot.core.ids import new_id
from bot.db.models import (
    ConversationRow,
    DecisionDayRow,
    DecisionPayloadRow,
    DecisionRow,
    HandoffRow,
    LogCheckpointRow,
    ReviewRow,
    StaffRow,
    VisitorRow,
)

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
_places = count()


def add_staff(session: Session, *logins: str) -> None:
    """Reviewers whose id is their login."""
    for login in logins:
        session.add(
            StaffRow(id=login, login=login, name=login.title(), roles=["reviewer"], password_hash="", created_at=MONDAY)
        )
    session.flush()


def add_decision(session: Session, at: datetime, **values: Any) -> str:
    """An understanding with 90% confidence, with what `values` say instead; its id."""
    row = DecisionRow(
        **{
            "id": new_id("dec"),
            "conversation_id": "",
            "visitor_id": "",
            "at": at,
            "kind": "understanding",
            "intent": "order_status",
            "confidence": 0.9,
            "outcome": "order_status",
            "language": "en",
            "model": "model-a",
            "commitment": "0" * 64,
            "leaf_index": next(_places),
            **values,
        }
    )
    session.add(row)
    session.flush()
    session.add(DecisionPayloadRow(decision_id=row.id, visitor_id="operator", payload_sealed=b"sealed"))
    session.flush()
    return row.id


def seal_rows(session: Session) -> None:
    """Say that all rows so far stand in the log; `draw_random` asks."""
    size = next(_places)
    session.add(LogCheckpointRow(size=size, root="", note="", at=MONDAY))
    session.flush()


def add_review(session: Session, decision_id: str, reviewer: str, verdict: str, at: datetime) -> str:
    """A review of somebody added before; its id."""
    row = ReviewRow(
        id=new_id("rev"),
        record_id=decision_id,
        decision_id=decision_id,
        reviewer_id=reviewer,
        verdict=verdict,
        reason="other",
        at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def add_day(session: Session, day: str, kind: str, records: int, **values: Any) -> None:
    """A row of the daily counts."""
    usual = {"intent": "", "outcome": "", "language": "en", "model": "", "band": -1, "confidence_sum": 0}
    session.add(DecisionDayRow(day=day, kind=kind, records=records, **{**usual, **values}))
    session.flush()


def add_conversation(session: Session, language: str = "en") -> str:
    """A conversation of a new visitor; its id."""
    visitor = VisitorRow(id=new_id("vis"), created_at=MONDAY)
    session.add(visitor)
    session.flush()
    row = ConversationRow(
        id=new_id("con"), visitor_id=visitor.id, door="widget", language=language, last_event=0, created_at=MONDAY
    )
    session.add(row)
    session.flush()
    return row.id


def add_handoff(session: Session, at: datetime, waited: float | None = None, **values: Any) -> None:
    """A request for a human at `at`, taken after `waited` seconds (None: by nobody)."""
    usual = {
        "conversation_id": values.pop("conversation_id", None) or add_conversation(session),
        "state": "expired" if waited is None else "closed",
        "trigger": "button",
        "reason": "Asked for a human",
        "language": "en",
        "accepted_at": None if waited is None else at + timedelta(seconds=waited),
    }
    row = {**usual, **values}
    expires = at + timedelta(seconds=120)
    session.add(HandoffRow(id=new_id("hnd"), requested_at=at, queued_at=at, expires_at=expires, **row))
    session.flush()

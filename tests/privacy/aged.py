"""Conversations that ended some days ago, with something of every category in them; the rows' moments are moved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.ids import new_id, now
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import (
    ContestRow,
    ConversationRow,
    CorrectionRow,
    HandoffRow,
    MessageRow,
    PlaceholderRow,
    ReviewRow,
    StaffRow,
    VisitorRow,
)
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.services import Services, build
from tests.parts import _person
from tests.scripted import ScriptedEngine
from tests.transactions import write

Scenario = Callable[[Services, ScriptedEngine], Coroutine[Any, Any, None]]


def play(settings: Settings, database: Database, scenario: Scenario) -> None:
    async def run() -> None:
        engine = ScriptedEngine()
        await scenario(build(settings, database, engine), engine)

    asyncio.run(run())


def conversation(services: Services, days: float, *, visitor_id: str | None = None, begun: float | None = None) -> str:
    """A conversation whose last message was `days` ago; `begun` days ago, which is an hour earlier when left out."""
    last = now() - timedelta(days=days)
    first = last - timedelta(hours=1) if begun is None else now() - timedelta(days=begun)
    return write(services.database, lambda s: _conversation(s, services, visitor_id, first, last))


def full(services: Services, days: float) -> str:
    """As `conversation`, with something of every category: 2 addresses, 2 identifiers, 1 proposal, 3 records …"""
    conversation_id = conversation(services, days)
    write(services.database, lambda s: _fill(s, services, conversation_id, now() - timedelta(days=days)))
    return conversation_id


def _conversation(session: Session, services: Services, visitor_id: str | None, first: datetime, last: datetime) -> str:
    if visitor_id is None:
        visitor = VisitorRow(id=new_id("vis"), created_at=first)
        session.add(visitor)
        session.flush()
        visitor_id = visitor.id
    row = ConversationRow(
        id=new_id("con"), visitor_id=visitor_id, door="widget", language="en", owner="assistant", created_at=first
    )
    session.add(row)
    session.flush()
    for moment in (first, last):
        _message(session, services, row, moment)
    return row.id


def _message(session: Session, services: Services, row: ConversationRow, moment: datetime) -> str:
    message = MessageRow(
        id=new_id("msg"), conversation_id=row.id, author="assistant", turn=None, created_at=moment
    )  # fmt: skip
    message.body_sealed = services.keyring.seal(session, row.visitor_id, message.id, {"text": "Hello"})
    session.add(message)
    session.flush()
    return message.id


def _fill(session: Session, services: Services, conversation_id: str, moment: datetime) -> None:
    row = session.get_one(ConversationRow, conversation_id)
    visitor = session.get_one(VisitorRow, row.visitor_id)

    def seal(about: str) -> bytes:
        return services.keyring.seal(session, visitor.id, about, "ann@example.org")

    visitor.identity_sealed = seal("identity")
    decisions = [
        services.recorder.record(session, Decision(kind, conversation_id, visitor.id, None, "said"))
        for kind in (Kind.UNDERSTANDING, Kind.ACTION, Kind.ANSWER)
    ]
    message_id = session.scalars(select(MessageRow.id).where(MessageRow.conversation_id == conversation_id)).first()
    for number in (1, 2):
        session.add(
            PlaceholderRow(
                conversation_id=conversation_id,
                name=f"EMAIL_{number}",
                kind="EMAIL",
                value_hash=f"{number:064}",
                value_sealed=seal("placeholder"),
            )  # fmt: skip
        )
    session.add(
        HandoffRow(
            id=new_id("hnd"),
            conversation_id=conversation_id,
            state="closed",
            trigger="button",
            reason="Asked",
            language="en",
            requested_at=moment,
            queued_at=moment,
            expires_at=moment,
            ended_at=moment,
            contact_sealed=seal("handoff"),
        )  # fmt: skip
    )
    session.add(
        ContestRow(
            id=new_id("cts"),
            conversation_id=conversation_id,
            message_id=message_id,
            decision_id=decisions[-1],
            state="upheld",
            contact_sealed=seal("contest"),
            reason_sealed=seal("reason"),
            language="en",
            at=moment,
            decided_at=moment,
        )  # fmt: skip
    )
    _propose(session, decisions[0], visitor.id, _reviewer(session), seal("correction"), moment)


def _reviewer(session: Session) -> str:
    known = session.scalars(select(StaffRow.id)).first()
    return known or _person(session, "ruth", "Ruth", ["reviewer"]).id


def _propose(
    session: Session, decision_id: str, visitor_id: str, reviewer_id: str, sealed: bytes, moment: datetime
) -> None:
    review = ReviewRow(
        id=new_id("rev"), record_id=decision_id, decision_id=decision_id, reviewer_id=reviewer_id, verdict="wrong",
        reason="wrong_intent", correct_intent="invoice", at=moment,
    )  # fmt: skip
    session.add(review)
    session.flush()
    session.add(
        CorrectionRow(
            id=new_id("cor"),
            review_id=review.id,
            decision_id=decision_id,
            visitor_id=visitor_id,
            state="proposed",
            language="en",
            intent="invoice",
            text_sealed=sealed,
            proposed_at=moment,
        )  # fmt: skip
    )

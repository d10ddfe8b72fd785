"""The desk's queue: who waits, who is mine, who is with a colleague."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.ids import Json, now
from bot.core.messages import Author
from bot.db.keyring import KeyDestroyed
from bot.db.models import ConversationRow, HandoffRow, MessageRow
from bot.desk.access import MISSED
from bot.handoff import Handoffs, State
from bot.handoff.repository import listed
from bot.masking import shorten
from bot.messaging import Outbox
from bot.staff import Staff

EXCERPT = 160
"""Characters of the visitor's last message in the list."""


class Lists:
    """Shows handoffs to agents.

    Args:
        outbox: opens messages.
        handoffs: opens contact addresses.
    """

    def __init__(self, outbox: Outbox, handoffs: Handoffs) -> None:
        self._outbox = outbox
        self._handoffs = handoffs

    def queue(self, session: Session, staff: Staff) -> dict[str, list[dict[str, Json]]]:
        """`{waiting, mine, others}`, longest wait first. `waiting` ends with those that nobody came for in time."""
        groups: dict[str, list[dict[str, Json]]] = {"waiting": [], "mine": [], "others": [], "missed": []}
        for row in listed(session, now() - MISSED):
            groups[_group(row, staff)].append(self.entry(session, staff, row))
        return {
            "waiting": groups["waiting"] + groups["missed"],
            "mine": groups["mine"],
            "others": groups["others"],
        }

    def entry(self, session: Session, staff: Staff, row: HandoffRow) -> dict[str, Json]:
        """One handoff as the desk lists it. What a colleague's visitor wrote is not shown."""
        private = row.state == State.ACCEPTED and row.agent_id != staff.id
        return {
            "handoff_id": row.id,
            "conversation_id": row.conversation_id,
            "state": str(row.state),
            "reason": row.reason,
            "trigger": row.trigger,
            "queued_at": row.queued_at.isoformat(),
            "waiting_seconds": round(waited(row), 1),
            "expires_at": row.expires_at.isoformat(),
            "agent_name": row.agent_name,
            "language": row.language,
            **({"last_message": None, "contact": None} if private else self._personal(session, row)),
        }

    def _personal(self, session: Session, row: HandoffRow) -> dict[str, str | None]:
        try:
            return {"last_message": self._last_message(session, row), "contact": self._handoffs.contact(session, row)}
        except KeyDestroyed:
            return {"last_message": None, "contact": None}

    def _last_message(self, session: Session, row: HandoffRow) -> str | None:
        query = (
            select(MessageRow)
            .where(MessageRow.conversation_id == row.conversation_id, MessageRow.author == Author.VISITOR)
            .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
            .limit(1)
        )
        if row.ended_at is not None:
            query = query.where(MessageRow.created_at <= row.ended_at)
        message = session.scalar(query)
        if message is None:
            return None
        conversation = session.get_one(ConversationRow, row.conversation_id)
        text = shorten(str(self._outbox.body(session, conversation.visitor_id, message)["text"]))
        return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1].rstrip()}…"


def waited(row: HandoffRow) -> float:
    """Seconds the visitor has waited for a person, until one came or the wait ended."""
    return ((row.accepted_at or row.ended_at or now()) - row.queued_at).total_seconds()


def _group(row: HandoffRow, staff: Staff) -> str:
    if row.state == State.EXPIRED:
        return "missed"
    if row.state == State.QUEUED:
        return "waiting"
    return "mine" if row.agent_id == staff.id else "others"

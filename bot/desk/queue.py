"""The desk's queue: who waits, who is mine, who is with a colleague."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.db.keyring import KeyDestroyed
from bot.db.models import ConversationRow, HandoffRow
from bot.db.rows import load
from bot.desk import repository
from bot.desk.access import MISSED
from bot.handoff import Handoffs, State
from bot.handoff.repository import listed
from bot.masking import shorten
from bot.messaging import Outbox
from bot.staff import Staff

EXCERPT = 160
"""Characters of the visitor's last message in the list."""


@dataclass(frozen=True)
class Entry:
    """A handoff with what the desk lists of it. A colleague's visitor and an erased one have no texts."""

    row: HandoffRow
    last_message: str | None = None
    contact: str | None = None

    @property
    def handoff_id(self) -> str:
        return self.row.id

    @property
    def waiting_seconds(self) -> float:
        """How long the visitor has waited for a person, until one came or the wait ended; to a tenth."""
        row = self.row
        return round(((row.accepted_at or row.ended_at or now()) - row.queued_at).total_seconds(), 1)


@dataclass(frozen=True)
class Queue:
    """What the desk lists for one agent, longest wait first. `waiting` ends with those that nobody came for in time."""

    waiting: list[Entry]
    mine: list[Entry]
    others: list[Entry]


class QueueView:
    """Shows handoffs to agents."""

    def __init__(self, outbox: Outbox, handoffs: Handoffs) -> None:
        self._outbox = outbox
        self._handoffs = handoffs

    def queue(self, session: Session, staff: Staff) -> Queue:
        groups: dict[str, list[Entry]] = {"waiting": [], "mine": [], "others": [], "missed": []}
        for row in listed(session, now() - MISSED):
            groups[_group(row, staff)].append(self.entry(session, staff, row))
        return Queue(groups["waiting"] + groups["missed"], groups["mine"], groups["others"])

    def entry(self, session: Session, staff: Staff, row: HandoffRow) -> Entry:
        if row.state == State.ACCEPTED and row.agent_id != staff.id:
            return Entry(row)
        try:
            return Entry(row, self._last_message(session, row), self._handoffs.contact(session, row))
        except KeyDestroyed:
            return Entry(row)

    def _last_message(self, session: Session, row: HandoffRow) -> str | None:
        message = repository.last_visitor_message(session, row.conversation_id, row.ended_at)
        if message is None:
            return None
        conversation = load(session, ConversationRow, row.conversation_id)
        text = shorten(str(self._outbox.body(session, conversation.visitor_id, message)["text"]))
        return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1].rstrip()}…"


def _group(row: HandoffRow, staff: Staff) -> str:
    if row.state == State.EXPIRED:
        return "missed"
    if row.state == State.QUEUED:
        return "waiting"
    return "mine" if row.agent_id == staff.id else "others"

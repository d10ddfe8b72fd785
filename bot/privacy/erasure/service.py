"""Erasing a visitor: on record first, then their key is destroyed and what it sealed removed. One transaction.

What lies outside of it (the engine's store, the database's files) is cleared afterwards: see stores.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from bot.core.errors import Conflict, NotFound
from bot.core.ids import Json, new_id, now
from bot.db import Keyring, touch
from bot.db.models import ConversationRow, ErasureRow, MessageRow, OutboxRow, VisitorRow
from bot.decisions.models import BY_A_PERSON, Decision, Kind
from bot.messaging.pubsub import QUEUE, conversation_topic
from bot.privacy.erasure import ledger
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.rows import clear
from bot.privacy.legal_holds import held, lock

RULE = "erasure"
HELD = "A legal hold is on a conversation of this visitor: 'candor hold list' tells which. End it first."
log = structlog.get_logger(__name__)


class Records(Protocol):
    """Writes decision records: `bot.decisions.Recorder`."""

    def record(self, session: Session, decision: Decision) -> str: ...


class Eraser:
    """Erases visitors.

    Args:
        end_handoff: ends what is open between a conversation and the desk, on record; whether there was anything
            (`Handoffs.end_for_erasure`).
        folder: the data folder, where each erasure is noted too (ledger.py).
    """

    def __init__(
        self,
        keyring: Keyring,
        records: Records,
        end_handoff: Callable[[Session, ConversationRow], bool],
        folder: Path,
    ) -> None:
        self._keyring = keyring
        self._records = records
        self._end_handoff = end_handoff
        self._folder = folder

    def erase(self, session: Session, visitor_id: str, reason: Reason, by: str) -> ErasureRow:
        """Erase the visitor; `by` says who did it. Twice is harmless: the first erasure stands.

        Raises:
            NotFound: there is no such visitor.
            Conflict: `on_hold`, a legal hold is on one of their conversations.
        """
        # Whoever puts a hold on it waits, and finds the erasure; a hold that was there before is found below.
        lock(session, [visitor_id])
        if session.get(VisitorRow, visitor_id) is None:
            raise NotFound("There is no such visitor. Ids begin with 'vis_'; a conversation's is found in the console.")
        known = erasure_of(session, visitor_id)
        if known is not None:
            return known
        conversations = session.scalars(
            select(ConversationRow).where(ConversationRow.visitor_id == visitor_id).with_for_update()
        ).all()
        if held(session, [conversation.id for conversation in conversations]):
            raise Conflict(HELD, code="on_hold")
        row = self._begin(session, visitor_id, reason, by)
        requests = sum(self._end_handoff(session, conversation) for conversation in conversations)
        self._keyring.destroy(session, visitor_id)
        row.receipt = {"database": {"key": "destroyed", "conversations": len(conversations)}}
        if requests:
            row.receipt["database"]["requests_ended"] = requests
        self.clear(session, row)
        for conversation in conversations:
            _leave_an_end(session, conversation)
            touch(session, conversation_topic(conversation.id))
        touch(session, QUEUE)
        session.flush()
        self._note_at_commit(session, row)
        return row

    def note(self, rows: Iterable[ErasureRow]) -> None:
        """Note those of these erasures that a crash kept from being noted.

        Raises:
            OSError: the ledger cannot be read or written.
        """
        noted = {entry.erasure_id for entry in ledger.read(self._folder)}
        for entry in map(ledger.Entry.of, rows):
            if entry.erasure_id not in noted:
                ledger.append(self._folder, entry)

    def clear(self, session: Session, row: ErasureRow) -> dict[str, int]:
        """Remove the visitor's content, also what another process was writing meanwhile; adds it to the receipt."""
        counts = clear(session, row.visitor_id) | self._end_turns(session, row.visitor_id)
        if counts:
            before: dict[str, Json] = row.receipt["database"]
            added = {name: before.get(name, 0) + count for name, count in counts.items()}
            row.receipt = {**row.receipt, "database": {**before, **added}}
        return counts

    def _note_at_commit(self, session: Session, row: ErasureRow) -> None:
        entries: list[ledger.Entry] = []

        # As it stands by then: whoever asked for it puts the request's number on it after this.
        @event.listens_for(session, "before_commit", once=True)
        def read(_session: Session) -> None:
            entries.append(ledger.Entry.of(row))

        @event.listens_for(session, "after_commit", once=True)
        def note(_session: Session) -> None:
            try:
                for entry in entries:
                    ledger.append(self._folder, entry)
            except OSError as error:
                # The erasure stands; `note` tries again before it counts as done.
                log.error("erasure:note:failed", error=type(error).__name__)

    def _begin(self, session: Session, visitor_id: str, reason: Reason, by: str) -> ErasureRow:
        record_id = self._records.record(
            session,
            Decision(
                kind=Kind.ERASURE,
                conversation_id="",
                visitor_id=visitor_id,
                turn_id=None,
                outcome=f"erased:{reason}",
                input={"visitor_id": visitor_id, "reason": reason.value, "by": by},
                rule=RULE,
                human_involvement=BY_A_PERSON,
                automation_level=BY_A_PERSON,
                outlives_erasure=True,
            ),
        )
        row = ErasureRow(
            id=new_id("era"),
            visitor_id=visitor_id,
            record_id=record_id,
            reason=reason.value,
            begun_at=now(),
            done_at=None,
            receipt={},
        )
        session.add(row)
        session.flush()
        return row

    def _end_turns(self, session: Session, visitor_id: str) -> dict[str, int]:
        """A message that waits for its answer gets none: its turn ends here, on record."""
        query = (
            select(MessageRow)
            .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
            .where(ConversationRow.visitor_id == visitor_id, MessageRow.turn == "accepted")
        )
        messages = session.scalars(query).all()
        for message in messages:
            self._records.record(session, turn_ended(message.conversation_id, visitor_id, message.id))
            message.turn = "done"
        return {"open_turns": len(messages)} if messages else {}


def turn_ended(conversation_id: str, visitor_id: str, turn_id: str) -> Decision:
    """The record that a message was not answered because its visitor was erased. It holds nothing of theirs."""
    return Decision(
        kind=Kind.FAILURE,
        conversation_id=conversation_id,
        visitor_id=visitor_id,
        turn_id=turn_id,
        outcome="erased",
        rule=RULE,
        outlives_erasure=True,
    )


def visitor_of(session: Session, conversation_id: str) -> str:
    """The visitor of a conversation.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = session.get(ConversationRow, conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation.visitor_id


def erasure_of(session: Session, visitor_id: str) -> ErasureRow | None:
    """The visitor's erasure, done or under way."""
    return session.scalar(select(ErasureRow).where(ErasureRow.visitor_id == visitor_id))


def unfinished(session: Session, limit: int = 50) -> list[ErasureRow]:
    """Erasures that some store still has to be cleared for, oldest first."""
    query = select(ErasureRow).where(ErasureRow.done_at.is_(None)).order_by(ErasureRow.begun_at).limit(limit)
    return list(session.scalars(query))


def begun_since(session: Session, moment: datetime) -> list[str]:
    """The visitors whose erasure is not done or began after `moment`."""
    query = select(ErasureRow.visitor_id).where(ErasureRow.done_at.is_(None) | (ErasureRow.begun_at > moment))
    return list(session.scalars(query))


def _leave_an_end(session: Session, conversation: ConversationRow) -> None:
    """An event without content after all others, for those who have seen these: they come upon it and stop there."""
    seq = session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation.id)
        .values(last_event=ConversationRow.last_event + 1)
        .returning(ConversationRow.last_event)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    session.add(
        OutboxRow(
            conversation_id=conversation.id, seq=seq, kind="erased", message_id=None, data_sealed=b"", created_at=now()
        )
    )

"""What our own database holds of a visitor is emptied in place. What stays is that it was, and when.

Rows are not deleted: SQLite would move their neighbours, and copies of these would stay in the unused part of a page,
where nothing overwrites them when their turn comes. What placeholders stand for is hashed under the visitor's own key,
so that such a copy in an index says nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Select, Update, or_, select, update
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.db.models import (
    ContestRow,
    ConversationRow,
    CorrectionRow,
    CustomerRow,
    DecisionPayloadRow,
    HandoffRow,
    MessageRow,
    OutboxRow,
    PlaceholderRow,
    VisitorRow,
)

REFUSED = "The visitor was erased before this was decided."


def conversations_of(visitor_id: str) -> Select[str]:
    """The ids of the visitor's conversations."""
    return select(ConversationRow.id).where(ConversationRow.visitor_id == visitor_id)


def clear(session: Session, visitor_id: str) -> dict[str, int]:
    """Empty everything of the visitor's; how many rows of each sort held something. Twice is harmless."""
    session.flush()
    _lock_customer(session, visitor_id)
    counts = {name: _run(session, statement) for name, statement in _content(visitor_id).items()}
    for statement in _traces(visitor_id):
        _run(session, statement)
    session.expire_all()
    return {name: count for name, count in counts.items() if count}


def _content(visitor_id: str) -> dict[str, Update]:
    theirs = conversations_of(visitor_id)
    return {
        "messages": update(MessageRow)
        .where(MessageRow.conversation_id.in_(theirs), MessageRow.body_sealed != b"")
        .values(body_sealed=b""),
        "events": update(OutboxRow)
        .where(OutboxRow.conversation_id.in_(theirs), OutboxRow.data_sealed != b"")
        .values(data_sealed=b""),
        "placeholders": update(PlaceholderRow)
        .where(PlaceholderRow.conversation_id.in_(theirs), PlaceholderRow.value_sealed != b"")
        .values(value_sealed=b"", value_hash=""),
        "records": update(DecisionPayloadRow)
        .where(DecisionPayloadRow.visitor_id == visitor_id, DecisionPayloadRow.payload_sealed.is_not(None))
        .values(payload_sealed=None),
        "contacts": update(HandoffRow)
        .where(HandoffRow.conversation_id.in_(theirs), HandoffRow.contact_sealed.is_not(None))
        .values(contact_sealed=None),
        "contests": update(ContestRow)
        .where(
            ContestRow.conversation_id.in_(theirs),
            or_(
                ContestRow.reason_sealed.is_not(None),
                ContestRow.contact_sealed.is_not(None),
                ContestRow.answer_sealed.is_not(None),
            ),
        )
        .values(reason_sealed=None, contact_sealed=None, answer_sealed=None),
        "corrections": update(CorrectionRow)
        .where(CorrectionRow.visitor_id == visitor_id, CorrectionRow.text_sealed.is_not(None))
        .values(text_sealed=None),
        "identities": update(VisitorRow)
        .where(VisitorRow.id == visitor_id, VisitorRow.identity_sealed.is_not(None))
        .values(identity_sealed=None),
    }


def _traces(visitor_id: str) -> list[Update]:
    """What leads to the visitor without being content."""
    theirs = conversations_of(visitor_id)
    return [
        # A client chooses this id, and may have put anything into it.
        update(MessageRow)
        .where(MessageRow.conversation_id.in_(theirs), MessageRow.client_message_id.is_not(None))
        .values(client_message_id=None),
        update(CustomerRow)
        .where(
            CustomerRow.id.in_(_customer_of(visitor_id)), CustomerRow.hash.is_not(None), ~_another_visitor(visitor_id)
        )
        .values(hash=None),
        update(VisitorRow)
        .where(VisitorRow.id == visitor_id, VisitorRow.customer_id.is_not(None))
        .values(customer_id=None),
        update(ConversationRow)
        .where(
            ConversationRow.visitor_id == visitor_id,
            or_(
                ConversationRow.token_hash.is_not(None),
                ConversationRow.external_hash.is_not(None),
                ConversationRow.signed_in,
            ),
        )
        .values(token_hash=None, external_hash=None, signed_in=False),
        update(CorrectionRow)
        .where(CorrectionRow.visitor_id == visitor_id, CorrectionRow.state == "proposed")
        .values(state="refused", decided_at=now(), note=REFUSED),
    ]


def _customer_of(visitor_id: str) -> Select[str | None]:
    return select(VisitorRow.customer_id).where(VisitorRow.id == visitor_id)


def _another_visitor(visitor_id: str) -> ColumnElement[bool]:
    """The customer is known on another device too: then the hash leads to that one."""
    others = select(VisitorRow.id).where(VisitorRow.customer_id == CustomerRow.id, VisitorRow.id != visitor_id)
    return others.correlate(CustomerRow).exists()


def _lock_customer(session: Session, visitor_id: str) -> None:
    """Of two visitors of one customer that are erased at once, the second finds that it is the last."""
    session.execute(
        update(CustomerRow)
        .where(CustomerRow.id.in_(_customer_of(visitor_id)))
        .values(created_at=CustomerRow.created_at)
        .execution_options(synchronize_session=False)
    )


def _run(session: Session, statement: Update) -> int:
    result: CursorResult[Any] = session.connection().execute(statement)
    return result.rowcount

"""How far a conversation has been delivered to its clients: what a yes in words is measured by."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.models import DeliveryRow


def served(session: Session, conversation_id: str, client: str) -> int:
    """The number of the last event that `client` was sent; 0 when there is none."""
    row = session.get(DeliveryRow, (conversation_id, client))
    return row.seq if row else 0


def remember(session: Session, conversation_id: str, client: str, seq: int) -> None:
    """`client` has been sent everything up to event `seq`."""
    row = session.get(DeliveryRow, (conversation_id, client))
    if row is None:
        session.add(DeliveryRow(conversation_id=conversation_id, client=client, seq=seq))
    elif row.seq < seq:
        row.seq = seq


def delivered(session: Session, conversation_id: str) -> int:
    """The number of the last event that any client of the conversation is known to have been sent."""
    query = select(func.max(DeliveryRow.seq)).where(DeliveryRow.conversation_id == conversation_id)
    return session.scalar(query) or 0

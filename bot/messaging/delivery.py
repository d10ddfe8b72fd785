"""How far a conversation has been delivered to its clients: what a yes in words is measured by."""

from __future__ import annotations

from sqlalchemy import bindparam, case, func, insert, select, update
from sqlalchemy.orm import Session

from bot.db.models import DeliveryRow, table

_delivery = table(DeliveryRow).c
_GO_ON = (
    update(table(DeliveryRow))
    .where(_delivery.conversation_id == bindparam("of_conversation_id"), _delivery.client == bindparam("of_client"))
    .values(seq=case((_delivery.seq < bindparam("of_seq"), bindparam("of_seq")), else_=_delivery.seq))
)


def served(session: Session, conversation_id: str, client: str) -> int:
    """The number of the last event that `client` was sent; 0 when there is none."""
    row = session.get(DeliveryRow, (conversation_id, client))
    return row.seq if row else 0


def remember(session: Session, conversation_id: str, client: str, seq: int) -> None:
    """`client` has been sent everything up to event `seq`."""
    values = {"conversation_id": conversation_id, "client": client, "seq": seq}
    connection = session.connection()
    if connection.execute(_GO_ON, {f"of_{name}": value for name, value in values.items()}).rowcount == 0:
        connection.execute(insert(table(DeliveryRow)), values)


def delivered(session: Session, conversation_id: str) -> int:
    """The number of the last event that any client of the conversation is known to have been sent."""
    query = select(func.max(DeliveryRow.seq)).where(DeliveryRow.conversation_id == conversation_id)
    return session.scalar(query) or 0
